/** Runs random programs natively and compares them with what they do in Deno. */
import { OPTIONS } from "../../lib/handler/options.ts";
import { imageOf } from "../../lib/native/elf_image.ts";
import type { Host } from "../../lib/native/language.ts";
import type { LinkedCode } from "../../lib/native/linked_code.ts";
import { type Expected, same } from "./in_deno.ts";

/** Compiles a file. */
export type Compile = (path: string, host: Host) => LinkedCode;

/** The first difference between Deno and the native code. */
export interface Difference {
  /** Its index among the file's programs. */
  readonly program: number;
  readonly what: string;
}

/** In milliseconds: far more than all programs of a file take. */
const LIMIT = 10_000;

/**
 * Runs the file's programs natively. A program that ends early ends the process, so another process
 * continues with the next program.
 */
export async function compare(
  expected: Expected,
  host: Host,
  compile: Compile,
): Promise<Difference | undefined> {
  let image: Uint8Array;
  try {
    image = imageOf(compile(expected.path, host), OPTIONS.map(() => new Uint8Array()));
  } catch (error) {
    return { program: 0, what: `not compiled: ${error}` };
  }
  const file = expected.path.replace(/\.ts$/, `_${host}`);
  Deno.writeFileSync(file, image, { mode: 0o755 });
  const { outcomes } = expected;
  let first = 0;
  while (first < outcomes.length) {
    const ending = outcomes.findIndex(({ end }, i) => i >= first && end !== "");
    const last = ending < 0 ? outcomes.length - 1 : ending;
    const difference = await compareSome(expected, file, host, first, last);
    if (difference) return difference;
    first = last + 1;
  }
}

/** Compares the programs from the first to the last, of which only the last may end early. */
async function compareSome(
  { outcomes }: Expected,
  file: string,
  host: Host,
  first: number,
  last: number,
): Promise<Difference | undefined> {
  const [output, end] = await run(file, host, first);
  let start = 0;
  for (let program = first; program <= last; program++) {
    const wanted = outcomes[program]!;
    const shown = output.subarray(start, start + wanted.output.length);
    start += wanted.output.length;
    if (!same(shown, wanted.output)) {
      const at = wanted.output.findIndex((byte, i) => byte !== shown[i]);
      const [found, expected] = [shown, wanted.output].map((bytes) => bytes.slice(at, at + 16));
      const what = `from byte ${at} on: found ${found}, expected ${expected}`;
      return { program, what: `${what}; then ${end || "the end"}` };
    }
  }
  const wanted = outcomes[last]!.end;
  if (end === wanted && output.length === start) return;
  const more = output.length - start;
  return { program: last, what: `found “${end}”, expected “${wanted}”, ${more} bytes more` };
}

/** The output, and the end: as in Outcome, or the signal. */
async function run(file: string, host: Host, first: number): Promise<[Uint8Array, string]> {
  const emulator = host === "x86_64" ? [] : ["qemu-aarch64-static"];
  const [program, ...args] = [...emulator, file, `${first}`];
  const { stdout, stderr, code, signal } = await new Deno.Command(program!, {
    args,
    cwd: file.slice(0, file.lastIndexOf("/")),
    clearEnv: true,
    stdin: "null",
    signal: AbortSignal.timeout(LIMIT),
  }).output();
  if (signal !== null) return [stdout, signal];
  if (code === 0) return [stdout, ""];
  const message = new TextDecoder().decode(stderr);
  const [, place, why] = /: internal error: (?:\S*\/)?(\w+\.ts:\d+:\d+): (.*)/.exec(message) ?? [];
  if (code !== 125 || place === undefined) return [stdout, `exit ${code}`];
  return [stdout, `${why!.includes("2⁵³") ? "beyond" : "bounds"} ${place}`];
}
