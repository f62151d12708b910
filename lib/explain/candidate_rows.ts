/** A report's candidates: what each is, and what became of it. */
import { basename } from "@std/path";
import type { Style } from "../style.ts";
import type { Row } from "./columns.ts";
import { printable } from "./printable.ts";
import type { Report, ReportedCandidate } from "./report.ts";

/** One row for each, and one more for everything else that it lacks. */
export function candidateRows(report: Report, style: Style): Row[] {
  const said = new Set<string>();
  return report.candidates.filter((each) => isNews(each, report)).flatMap((candidate, i) => {
    const { name, path, wrapper, verdict } = candidate;
    const where = printable(wrapper === undefined ? path : `${path} in ${basename(wrapper)}`);
    const quiet = verdict === "usable" || verdict === "conditions";
    const paint = verdict === "chosen" ? style.green : quiet ? style.dim : style.red;
    return verdictWords(candidate, report, said).map((words, line) => [
      ...(line === 0 ? [String(i + 1), printable(name), where] : ["", "", ""]),
      paint(words),
    ]);
  });
}

/**
 * Plainly and through muvm are two candidates, and that muvm is not needed is no news; neither is
 * an interpreter of a list that serves the programs of the other linkage.
 */
function isNews({ interpreter, conditions }: ReportedCandidate, { lists }: Report): boolean {
  if (conditions.includes("pages differ")) return false;
  const serving = lists.find(({ state }) => state === "serves");
  const other = conditions.includes("static") || conditions.includes("dynamic");
  return !other || serving === undefined || serving.interpreters.includes(interpreter);
}

/** What several paths of one interpreter lack is said of the first of them alone. */
function verdictWords(
  { interpreter, verdict, conditions, needs, sysroots }: ReportedCandidate,
  { host, kind }: Report,
  said: Set<string>,
): string[] {
  switch (verdict) {
    case "chosen":
      return ["taken"];
    case "usable":
      return ["could run it too"];
    case "conditions":
      return [`passed over: ${conditions.map((each) => condition(each, host)).join(", ")}`];
    case "missing": {
      const missing = needs.filter(({ found }) => found === undefined)
        .map(({ paths }) => `missing: ${printable(paths.join(" or "))}`);
      const news = missing.filter((words) => !said.has(`${interpreter} ${words}`));
      for (const words of news) said.add(`${interpreter} ${words}`);
      return news.length > 0 ? news : missing.slice(0, 1);
    }
    case "no loader":
      return [
        `lacks the loader ${printable(kind.elf?.PT_INTERP ?? "")}`,
        `below ${printable(sysroots.join(" or "))}`,
      ];
  }
}

function condition(name: string, { page_size, muvm_page_size }: Report["host"]): string {
  return name === "pages fit"
    ? `needs pages of ${muvm_page_size} bytes, here are ${page_size}`
    : `for ${name} programs`;
}
