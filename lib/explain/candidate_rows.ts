/** The candidates of a report: name, path and outcome. */
import { basename } from "@std/path";
import type { Style } from "../style.ts";
import type { Row } from "./columns.ts";
import { printable } from "../printable.ts";
import type { Report, ReportedCandidate } from "./report.ts";

/** One row for each candidate, and one more for each further thing that it lacks. */
export function candidateRows(report: Report, style: Style): Row[] {
  const said = new Set<string>();
  const rows: Row[] = [];
  let number = 0;
  for (const candidate of report.candidates.filter((each) => isNews(each, report))) {
    const { name, path, muvm, verdict } = candidate;
    const where = printable(muvm === undefined ? path : `${path} in ${basename(muvm)}`);
    const quiet = verdict === "usable" || verdict === "conditions";
    const paint = verdict === "chosen" ? style.green : quiet ? style.dim : style.red;
    const words = verdictWords(candidate, report, said);
    if (words.length > 0) number++;
    words.forEach((each, line) => {
      const before = line === 0 ? [String(number), printable(name), where] : ["", "", ""];
      rows.push([...before, paint(each)]);
    });
  }
  return rows;
}

/**
 * Leaves out candidates that tell nothing: the one through muvm where muvm is not needed, and
 * interpreters for programs of the other linkage.
 */
function isNews({ interpreter, conditions }: ReportedCandidate, { lists }: Report): boolean {
  if (conditions.includes("pages differ")) return false;
  const serving = lists.find(({ state }) => state === "serves");
  const other = conditions.includes("static") || conditions.includes("dynamic");
  return !other || serving === undefined || serving.interpreters.includes(interpreter);
}

/** What the paths of an interpreter have in common is shown only for the first. */
function verdictWords(
  { interpreter, verdict, why, conditions, requirements, sysroots }: ReportedCandidate,
  { host, kind }: Report,
  said: Set<string>,
): string[] {
  const news = (all: readonly string[]) =>
    all.filter((words) => {
      const key = `${interpreter} ${words}`;
      return !said.has(key) && said.add(key);
    });
  switch (verdict) {
    case "chosen":
      return ["taken"];
    case "usable":
      return ["could run it too"];
    case "foreign":
      return ["is not a program of this machine"];
    case "muvm":
      return news([`passed over: ${why}`]);
    case "conditions":
      return news(conditions.map((each) => `passed over: ${condition(each, host)}`));
    case "missing": {
      const missing = requirements.filter(({ found }) => found === undefined)
        .map(({ paths }) => `missing: ${printable(paths.join(" or "))}`);
      const others = news(missing);
      return others.length > 0 ? others : missing.slice(0, 1);
    }
    case "not executable":
      return ["this user may not execute it"];
    case "no loader":
      return [
        `lacks the loader ${printable(kind.elf?.PT_INTERP ?? "")}`,
        `below ${printable(sysroots.join(" or "))}`,
      ];
  }
}

function condition(name: string, { page_size, muvm_page_size }: Report["host"]): string {
  return name === "pages fit"
    ? `needs pages of ${muvm_page_size} bytes, but the host has ${page_size}`
    : `for ${name} programs`;
}
