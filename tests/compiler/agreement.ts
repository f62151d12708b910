/** Runs random programs natively and in Deno, and finds differences. */
import { OPTIONS } from "../../lib/handler/options.ts";
import { compile } from "../../lib/compiler/compile.ts";
import type { Host } from "../../lib/native/language.ts";
import { expect, type Expected } from "./in_deno.ts";
import { compare, type Compile, type Difference } from "./natively.ts";
import { print, simpler } from "./piece.ts";
import { type RandomProgram, randomProgram } from "./random_program.ts";
import type { Traits } from "./scope.ts";
import { makeProgramDirectory } from "./program_directory.ts";

export const compileFile: Compile = (path, host) =>
  compile(path, { host, options: OPTIONS }).code();

/** Enough that compilations and processes take little of the time. */
export const PROGRAMS_PER_FILE = 250;

/** Files of programs, whose seeds count up from the first, and what each program does in Deno. */
export function* expectations(
  directory: string,
  first: number,
  count: number,
  perFile = PROGRAMS_PER_FILE,
  wanted: Partial<Traits> = {},
): Generator<Expected> {
  for (let seed = first; seed < first + count; seed += perFile) {
    const programs = Array.from({ length: perFile }, (_, i) => randomProgram(seed + i, wanted));
    yield expect(programs, directory, ["from", seed, ...Object.values(wanted)].join("_"));
  }
}

/** Throws if a program does something else natively; the message has its seed and a reduced one. */
export async function agree(host: Host, first: number, count: number): Promise<void> {
  using place = makeProgramDirectory();
  for (const expected of expectations(place.directory, first, count)) {
    const difference = await compare(expected, host, compileFile);
    if (difference) throw new Error(await describe(expected, difference, host, place.directory));
  }
}

async function describe(
  { programs }: Expected,
  { program, what }: Difference,
  host: Host,
  directory: string,
): Promise<string> {
  const { seed } = programs[program]!;
  const small = await smallest(programs[program]!, host, directory);
  const text = print(small.program.declarations).text;
  return `program ${seed} on ${host}: ${what}\n\n${text}\n\n${small.what}`;
}

/** At most so many smaller programs are tried. */
const TRIES = 500;

interface Small {
  readonly program: RandomProgram;
  readonly what: string;
}

/** Reduces a program as long as it still differs. */
async function smallest(start: RandomProgram, host: Host, directory: string): Promise<Small> {
  let tries = 0;
  const differs = async (program: RandomProgram): Promise<string | undefined> => {
    try {
      const expected = expect([program], directory, `try_${tries++}`);
      return (await compare(expected, host, compileFile))?.what;
    } catch {
      return undefined; // it is no program without what was left out
    }
  };
  const isRefused = (what: string) => what.startsWith("not compiled");
  let best: Small = { program: start, what: await differs(start) ?? "alone it does not differ" };
  search: for (;;) {
    for (const declarations of simpler(best.program.declarations)) {
      if (tries > TRIES) return best;
      const program = { ...best.program, declarations };
      const what = await differs(program);
      if (what === undefined || isRefused(what) !== isRefused(best.what)) continue;
      best = { program, what };
      continue search;
    }
    return best;
  }
}
