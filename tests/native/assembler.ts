/** Compares encodings with those of GNU as. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Host } from "../../lib/native/program.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";

/** An encoded instruction, and its text for GNU as. */
export interface Instruction {
  readonly bytes: readonly number[];
  readonly syntax: string;
}

const PREFIX: Record<Host, string> = { x86_64: "", aarch64: "aarch64-linux-gnu-" };

/** Asserts that GNU as encodes every instruction in the same bytes. */
export async function assertAssembles(
  host: Host,
  instructions: readonly Instruction[],
): Promise<void> {
  const all = await assemble(host, instructions.map(({ syntax }) => syntax));
  let at = 0;
  for (const { bytes, syntax } of instructions) {
    const expected = all.subarray(at, at += bytes.length);
    if (!bytes.every((byte, i) => byte === expected[i])) {
      assertEquals(hex(bytes), hex(expected), syntax); // GNU as may use fewer or more bytes
    }
  }
  assertEquals(at, all.length);
}

function assemble(host: Host, lines: readonly string[]): Promise<Uint8Array> {
  return inTemporaryDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/in.s`, lines.map((line) => `${line}\n`).join(""));
    const run = async (program: string, ...args: string[]) => {
      const command = new Deno.Command(`${PREFIX[host]}${program}`, { args, cwd });
      const { success, stderr } = await command.output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
    };
    await run("as", "-o", "out.o", "in.s");
    await run("objcopy", "-O", "binary", "-j", ".text", "out.o", "out");
    return await Deno.readFile(`${cwd}/out`);
  });
}

function hex(bytes: Iterable<number>): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Every combination of one item of each list. */
export function combinations<T extends readonly unknown[]>(
  ...lists: { readonly [K in keyof T]: readonly T[K][] }
): T[] {
  const all = lists.reduce<unknown[][]>(
    (heads, list) => heads.flatMap((head) => list.map((item) => [...head, item])),
    [[]],
  );
  return all as unknown as T[];
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** A thousand values, always the same. */
export function random<T>(arbitrary: fc.Arbitrary<T>): T[] {
  return fc.sample(arbitrary, { seed: 20261122, numRuns: 1000 });
}
