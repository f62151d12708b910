/** The result of a report, in a few lines. */
import { basename } from "@std/path";
import type { Style } from "../style.ts";
import { printable } from "../printable.ts";
import type { Report } from "./report.ts";

const VOWEL_SOUND = /^(?:[aeio]|m68k|s390|x86)/;

/** "an x86_64 program" */
export function programWords(name: string): string {
  return `${VOWEL_SOUND.test(name) ? "an" : "a"} ${printable(name)} program`;
}

export function headline(report: Report, style: Style): string[] {
  const { program, kind, outcome: { hint } } = report;
  const first = style.bold(`${printable(program.given)} is ${kindWords(kind)}.`);
  return [first, ...outcomeWords(report, style), ...hint === undefined ? [] : [printable(hint)]];
}

function outcomeWords(report: Report, style: Style): string[] {
  const { result, status, why } = report.outcome;
  switch (result) {
    case "kernel":
      return [style.green("The kernel runs it natively.")];
    case "script":
      return scriptWords(report);
    case "entry":
      return [style.yellow(takenByWords(report))];
    case "interpreter":
      return interpreterWords(report, style);
    case "failure":
      return [style.red(`It cannot run (status ${status}): ${printable(why ?? "")}.`)];
  }
}

function kindWords({ type, name, elf }: Report["kind"]): string {
  if (name !== undefined) return programWords(name);
  if (type === "script") return "a script";
  if (type === "unknown") return "a file of unknown format";
  return elf === undefined ? "a corrupt ELF file" : "an ELF file for an unknown machine";
}

function scriptWords({ kind }: Report): string[] {
  const interpreter = printable(kind.script?.interpreter ?? "");
  return [
    `The kernel starts ${interpreter} for it. To explain that program:`,
    `binfmt-dispatcher explain ${interpreter}`,
  ];
}

function takenByWords({ kernel: { entries, taken } }: Report): string {
  const interpreter = entries.find(({ name }) => name === taken)?.interpreter ?? "";
  return `The kernel gives it to ${printable(interpreter)}, not to binfmt-dispatcher: see below.`;
}

function interpreterWords({ candidates, kernel, host }: Report, style: Style): string[] {
  const chosen = candidates.find(({ verdict }) => verdict === "chosen");
  const name = printable(chosen?.name ?? "");
  const through = chosen?.muvm === undefined ? "" : ` in ${printable(basename(chosen.muvm))}`;
  const by = `${name} (${printable(chosen?.path ?? "")})${through}`;
  if (host.root !== "" || kernel.registered) return [style.green(`${by} runs it.`)];
  if (kernel.binfmt_misc === undefined) {
    return [style.yellow(`${by} runs it, if the kernel asks binfmt-dispatcher: see below.`)];
  }
  return [
    style.yellow(`${by} would run it, but the kernel does not ask binfmt-dispatcher: see below.`),
  ];
}
