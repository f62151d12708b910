/** The output of enable and disable. */
import type { KernelEntry } from "../explain/handler_facts.ts";
import { columns } from "../explain/columns.ts";
import { HANDLER, RESOLVER } from "../paths.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import type { FormatState, Link } from "./format_state.ts";
import type { Step } from "./plan.ts";

/** Is it registered at boot? */
const ENABLED: Readonly<Record<Link, string>> = {
  "ours": "yes",
  "none": "no",
  "mask": "masked",
  "another's": "other file",
};

/** Each machine and format: is it enabled, what would run it, and which entry takes it now. */
export function stateTable(
  states: readonly FormatState[],
  { bold }: Pick<Style, "bold">,
  unseen: string | undefined,
): string {
  const head = ["NAME", "ENABLED", "INTERPRETER", "KERNEL ENTRY"].map(bold);
  const rows = states.map(({ name, link, takers, runner }) => [
    printable(name),
    ENABLED[link],
    printable(runner ?? "–"),
    takersWords(takers),
  ]);
  const lines = columns([head, ...rows], "");
  if (unseen !== undefined) {
    lines.push("", `The kernel's entries are unknown: ${printable(unseen)}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

function takersWords(takers: FormatState["takers"]): string {
  if (takers === undefined) return "?";
  const [first, ...others] = takers;
  if (first === undefined) return "–";
  const behind = isOurs(first) || !others.some(isOurs) ? "" : ", before binfmt-dispatcher";
  return (isOurs(first) ? `binfmt-dispatcher (${first.flags})` : entryName(first)) + behind;
}

/** `qemu-arm (/usr/bin/qemu-arm-static, OCF)` */
function entryName({ name, interpreter, flags }: KernelEntry): string {
  return `${printable(name)} (${printable(interpreter)}${flags === "" ? "" : `, ${flags}`})`;
}

function isOurs({ interpreter }: KernelEntry): boolean {
  // Entries of older versions name the program.
  return interpreter === HANDLER || interpreter === RESOLVER;
}

/** The result of a step. */
export function stepWords({ action, name, state }: Step, root: string): string {
  const programs = `${printable(name)} programs`;
  if (root !== "") {
    const booted = `once the system below ${printable(root)} has booted`;
    return action === "enable"
      ? `${programs} go to binfmt-dispatcher ${booted}.\n`
      : `${programs} no longer go to binfmt-dispatcher ${booted}.\n`;
  }
  const other = state?.takers?.find((taker) => !isOurs(taker));
  if (action === "disable") {
    return other === undefined
      ? `Nothing runs ${programs} now.\n`
      : `${programs} go to ${entryName(other)} now.\n`;
  }
  const lines = [`${programs} go to binfmt-dispatcher now.`];
  if (other !== undefined) {
    lines.push(`  ${entryName(other)} took them before, and will again after “disable”.`);
  }
  if (state?.runner === undefined) {
    const install = `binfmt-dispatcher install --machine ${printable(name)}`;
    lines.push(`  No interpreter for them is installed. To install one: ${install}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
