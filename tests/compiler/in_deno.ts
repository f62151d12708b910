/** Runs random programs in Deno: as they are printed, and with checked arithmetic. */
import { runInThisContext } from "node:vm";
import * as bytes from "../../lib/handler/bytes.ts";
import * as caller from "../../lib/handler/caller.ts";
import * as table from "../../lib/handler/decide/table.ts";
import * as linux from "../../lib/handler/linux.ts";
import * as outside from "../../lib/handler/outside.ts";
import { type Outside, use } from "../../lib/handler/outside.ts";
import * as exact from "./exact.ts";
import { Beyond } from "./exact.ts";
import { print, printExact } from "./piece.ts";
import { programFile, type RandomProgram } from "./random_program.ts";

export interface Outcome {
  readonly output: Uint8Array;
  /** "" if it runs to its end, else "bounds …" or "beyond …" with the place, or "exit …". */
  readonly end: string;
}

/** Programs in one file, with the outcome that each must have. */
export interface Expected {
  readonly programs: readonly RandomProgram[];
  readonly path: string;
  readonly outcomes: readonly Outcome[];
}

/** Everything that a file of programs can import. */
const IMPORTED: Readonly<Record<string, unknown>> = {
  ...{ ...bytes, ...caller, ...linux, ...outside, ...exact },
  ...{ table, number: table.number, structure: table.structure },
};

/** Thrown where a program exits. */
class Exit extends Error {
  constructor(readonly status: number) {
    super();
  }
}

type Runs = Record<string, () => void>;

/** Writes the programs to a file in the directory and runs each in Deno. */
export function expect(
  programs: readonly RandomProgram[],
  directory: string,
  name: string,
): Expected {
  const file = programFile(programs);
  const printed = print(file);
  const path = `${directory}/${name}.ts`;
  Deno.writeTextFileSync(path, printed.text);
  const plain = evaluate(printed.text, `${name}.ts`);
  const exact = evaluate(printExact(file, printed), `${name}_exact.ts`);
  const outcomes = programs.map(({ run, seed }) => {
    const checked = outcomeOf(exact[run]!, name);
    if (checked.end.startsWith("beyond")) return checked;
    const outcome = outcomeOf(plain[run]!, name);
    if (word(checked.end) !== word(outcome.end) || !same(checked.output, outcome.output)) {
      throw new Error(`checked arithmetic changes program ${seed}: ${checked.end}, ${outcome.end}`);
    }
    return outcome;
  });
  use(undefined);
  return { programs, path, outcomes };
}

const TYPE = /number|boolean|Record\d+|string|void|never|Uint8Array(?: \| undefined)?|\(.*?\)\[\]/;
const ANNOTATION = new RegExp(
  `: (?:${TYPE.source})(?=[ ,;)])| as const(?=;)|^(?:import|type) .*|^export `,
  "gm",
);

/**
 * The exports of a file of programs. Deno would cache each imported file, so the text is run as a
 * script, with spaces in place of what is not JavaScript, which keeps lines and columns.
 */
function evaluate(text: string, name: string): Runs {
  const script = text.replace(ANNOTATION, (type) => " ".repeat(type.length));
  const runs = [...text.matchAll(/^export function (run\w+)/gm)].map(([, run]) => run!);
  const names = Object.keys(IMPORTED);
  const wrapped = `(function (${names}) { "use strict"; ${script}\nreturn { ${runs} };\n})`;
  return runInThisContext(wrapped, { filename: `/${name}` })(...Object.values(IMPORTED));
}

const word = (end: string) => end.split(" ")[0];

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function outcomeOf(run: () => void, name: string): Outcome {
  const output: number[] = [];
  use(outsideWith(output));
  try {
    run();
    return { output: Uint8Array.from(output), end: "" };
  } catch (error) {
    return { output: Uint8Array.from(output), end: endOf(error, name) };
  }
}

function outsideWith(output: number[]): Outside {
  const unknown = (): never => {
    throw new Error("random programs do not call this");
  };
  return {
    machine: "x86_64",
    stack: [],
    stringAt: unknown,
    addressOf: unknown,
    map: unknown,
    option: () => new Uint8Array(),
    syscall(name, args) {
      if (name === "exit_group") throw new Exit(args[0] as number);
      const bytes = args[1] as Uint8Array;
      if (args[0] === 1) output.push(...bytes);
      return bytes.length;
    },
  };
}

function endOf(error: unknown, name: string): string {
  if (error instanceof Exit) return `exit ${error.status}`;
  if (error instanceof Beyond) return `beyond ${name}.ts:${error.line}:${error.column}`;
  if (!(error instanceof RangeError)) throw error;
  // The place of the call: outside.ts only checks what it is given.
  const places = [...error.stack!.matchAll(/\/(\w+\.ts:\d+:\d+)/g)].map(([, place]) => place!);
  const place = places.find((each) => !each.startsWith("outside.ts"));
  if (place === undefined) throw error;
  return `bounds ${place}`;
}
