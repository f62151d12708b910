/** Doctor's results as text. */
import { columns, type Row } from "../explain/columns.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import type { Finding, Result, State } from "./check.ts";
import { CHECK_IDS, type CheckId, entryOf } from "./ids.ts";
import { STATES } from "./run_checks.ts";

export function resultsText(results: readonly Result[], style: Style): string {
  const paint: Readonly<Record<State, (text: string) => string>> = {
    good: style.green,
    warning: style.yellow,
    bad: style.red,
    unknown: style.dim,
  };
  const rows = results.flatMap(({ id, findings }) =>
    findings.flatMap((finding, i): Row[] => [
      [paint[finding.state](finding.state), i === 0 ? id : "", printable(finding.seen)],
      ...more(id, finding),
    ])
  );
  return [...columns(rows, ""), "", summary(results), ""].join("\n");
}

/** The details shown below a finding; a good one affects nothing. */
function more(id: CheckId, { state, details = [], commands = [] }: Finding): Row[] {
  const isFault = state === "bad" || state === "warning";
  const lines = [
    ...details.map(printable),
    ...(isFault ? [`affects  ${entryOf(id).affects}`] : []),
    ...commands.map((each) => `fix      ${printable(each)}`),
  ];
  return lines.map((line) => ["", "", `  ${line}`]);
}

function summary(results: readonly Result[]): string {
  return STATES.map((state) => {
    const count = results.filter((result) => result.state === state).length;
    return `${count} ${state}`;
  }).join(", ");
}

/** The list of all checks. */
export function listText(): string {
  const rows = CHECK_IDS.map((id) => {
    const { what, named } = entryOf(id);
    return [id, named === true ? `${what} (only when named)` : what];
  });
  return `${columns(rows, "").join("\n")}\n`;
}
