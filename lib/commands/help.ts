import { success } from "../failure.ts";
import type { Outcome } from "./answer.ts";
import { type CommandEntry, GLOBAL_OPTIONS, type Option, optionsOf } from "./command_table.ts";

const WIDTH = 80;
const INTRODUCTION =
  "Chooses the interpreter for each foreign program, based on layered configuration, the " +
  "program's header and what is installed.";

/** Help for a single command, or an overview of several. */
export function help(entries: readonly CommandEntry[]): Outcome {
  const [entry, another] = entries;
  const isSingle = entry !== undefined && another === undefined;
  return Promise.resolve(success({ stdout: isSingle ? commandHelp(entry) : overview(entries) }));
}

function overview(entries: readonly CommandEntry[]): string {
  const commands = entries.map((entry) =>
    [`${entry.name} ${entry.operands}`.trimEnd(), entry.summary] as const
  );
  return sections([
    ["", ["Usage: binfmt-dispatcher [OPTION…] COMMAND [ARGUMENT…]", "", ...wrap(INTRODUCTION, 0)]],
    ["Commands:", columns(commands)],
    ["Options:", columns(GLOBAL_OPTIONS.map(optionRow))],
    ["", ["Run “binfmt-dispatcher COMMAND --help” for more about a command."]],
  ]);
}

function commandHelp(entry: CommandEntry): string {
  const usage = `Usage: binfmt-dispatcher ${entry.name} [OPTION…] ${entry.operands}`.trimEnd();
  const examples = entry.examples.map(([args, what]) =>
    [`binfmt-dispatcher ${args}`, what] as const
  );
  return sections([
    ["", [usage, "", `${entry.summary}.`]],
    ...entry.details.map((text) => ["", wrap(text, 0)] as const),
    ["Options:", columns(optionsOf(entry).map(optionRow))],
    ["Examples:", columns(examples)],
  ]);
}

type Section = readonly [heading: string, lines: readonly string[]];

function sections(all: readonly Section[]): string {
  return all.filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => (heading === "" ? lines : [heading, ...lines]).join("\n") + "\n")
    .join("\n");
}

function optionRow({ name, short, value, help }: Option): readonly [string, string] {
  const long = value === undefined ? `--${name}` : `--${name}=${value}`;
  return [short === undefined ? `    ${long}` : `-${short}, ${long}`, help];
}

/** Two columns. The second one is wrapped, and starts on a new line after a long first one. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(28, Math.max(0, ...rows.map(([left]) => left.length)));
  return rows.flatMap(([left, right]) => {
    const [first = "", ...rest] = wrap(right, width + 4);
    const head = `  ${left.padEnd(width)}`;
    return left.length > width ? [head, first, ...rest] : [`${head}  ${first.trim()}`, ...rest];
  });
}

/** Lines of at most WIDTH columns, all of them indented. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(" ".repeat(indent) + word);
  }
  return lines;
}
