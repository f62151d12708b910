/** A report's candidates: what each is, and what became of it. */
import type { Style } from "../style.ts";
import type { Row } from "./columns.ts";
import { printable } from "./printable.ts";
import type { Report, ReportedCandidate } from "./report.ts";

/** One row for each, and one more for everything else that it lacks. */
export function candidateRows(report: Report, style: Style): Row[] {
  return report.candidates.flatMap((candidate, i) => {
    const { name, path, wrapper, verdict } = candidate;
    const where = printable(wrapper === undefined ? path : `${path} through ${wrapper}`);
    const paint = { chosen: style.green, usable: style.dim, conditions: style.dim }[
      verdict as string
    ] ?? style.red;
    return verdictWords(candidate, report).map((words, line) => [
      ...(line === 0 ? [String(i + 1), printable(name), where] : ["", "", ""]),
      paint(words),
    ]);
  });
}

function verdictWords(candidate: ReportedCandidate, { host, kind }: Report): string[] {
  switch (candidate.verdict) {
    case "chosen":
      return ["taken"];
    case "usable":
      return ["could run it too"];
    case "conditions":
      return [
        `passed over: ${candidate.conditions.map((each) => condition(each, host)).join(", ")}`,
      ];
    case "missing":
      return candidate.needs.filter(({ found }) => found === undefined)
        .map(({ paths }) => `missing: ${printable(paths.join(" or "))}`);
    case "no loader":
      return [
        `lacks the loader ${printable(kind.elf?.PT_INTERP ?? "")}`,
        `below ${printable(candidate.sysroots.join(" or "))}`,
      ];
  }
}

function condition(name: string, { page_size, muvm_page_size }: Report["host"]): string {
  switch (name) {
    case "static":
    case "dynamic":
      return `for ${name} programs`;
    case "pages fit":
      return `needs pages of ${muvm_page_size} bytes, here are ${page_size}`;
    default:
      return `not needed where pages are ${page_size} bytes`;
  }
}
