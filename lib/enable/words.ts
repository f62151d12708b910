/** What enable and disable have to say. */
import type { KernelEntry } from "../explain/handler_facts.ts";
import { columns } from "../explain/columns.ts";
import { HANDLER, RESOLVER } from "../paths.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import type { FormatState } from "./format_state.ts";
import type { Step } from "./plan.ts";

/** Each machine and format: whether it is wanted, who has its programs, what would run them. */
export function stateTable(
  states: readonly FormatState[],
  { bold }: Pick<Style, "bold">,
  unseen: string | undefined,
): string {
  const head = ["NAME", "WANTED", "RUN BY", "THE KERNEL ASKS"].map(bold);
  const rows = states.map(({ name, link, takers, runner }) => [
    printable(name),
    link === "ours" ? "yes" : link === "none" ? "no" : link,
    printable(runner ?? "–"),
    takersWords(takers),
  ]);
  const lines = columns([head, ...rows], "");
  if (unseen !== undefined) lines.push("", `The kernel was not asked: ${printable(unseen)}`);
  return lines.map((line) => `${line}\n`).join("");
}

function takersWords(takers: FormatState["takers"]): string {
  if (takers === undefined) return "?";
  const [first, ...others] = takers;
  if (first === undefined) return "–";
  const behind = isOurs(first) || !others.some(isOurs) ? "" : ", binfmt-dispatcher after it";
  return `${isOurs(first) ? "binfmt-dispatcher" : entryWords(first)} (${first.flags})${behind}`;
}

function entryWords({ name, interpreter }: KernelEntry): string {
  return `${printable(interpreter)}, ${printable(name)}`;
}

function isOurs({ interpreter }: KernelEntry): boolean {
  // An entry of older times names the program.
  return interpreter === HANDLER || interpreter === RESOLVER;
}

/** What a step did, once it is done. */
export function stepWords({ action, name, state }: Step, root: string): string {
  const programs = `${printable(name)} programs`;
  if (root !== "") {
    const booted = `once the system below ${printable(root)} has booted`;
    return action === "enable"
      ? `${programs} go to binfmt-dispatcher ${booted}.\n`
      : `${programs} do not go to binfmt-dispatcher ${booted}.\n`;
  }
  const other = state?.takers?.find((taker) => !isOurs(taker));
  if (action === "disable") {
    const now = other === undefined ? "are run by nothing now" : `go to ${entryWords(other)} now`;
    return `${programs} ${now}.\n`;
  }
  const before = other === undefined ? "" : `, which outranks ${entryWords(other)}`;
  const again = other === undefined
    ? ""
    : `  That has them again after: binfmt-dispatcher disable ${printable(name)}\n`;
  const missing = state?.runner === undefined
    ? "  Nothing that is installed can run them: " +
      `binfmt-dispatcher install --machine ${printable(name)}\n`
    : "";
  return `${programs} go to binfmt-dispatcher now${before}.\n${again}${missing}`;
}
