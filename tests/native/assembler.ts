/** Compares encodings with those of GNU as. */
import { assertEquals } from "@std/assert";
import type { Host } from "../../lib/native/program.ts";

/** An encoded instruction, and how GNU as writes it. */
export interface Instruction {
  readonly bytes: readonly number[];
  readonly syntax: string;
}

const PREFIX: Record<Host, string> = { x86_64: "", aarch64: "aarch64-linux-gnu-" };

/** Every instruction's bytes are those that GNU as gives. */
export function assertAssembles(host: Host, instructions: readonly Instruction[]): void {
  const expected = assemble(host, instructions.map(({ syntax }) => syntax));
  let at = 0;
  for (const { bytes, syntax } of instructions) {
    const theirs = expected.subarray(at, at += bytes.length);
    if (!bytes.every((byte, i) => byte === theirs[i])) {
      assertEquals(hex(bytes), hex(theirs), syntax); // theirs may be shorter or longer
    }
  }
  assertEquals(at, expected.length);
}

function assemble(host: Host, lines: readonly string[]): Uint8Array {
  const directory = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${directory}/in.s`, lines.map((line) => `${line}\n`).join(""));
    const run = (program: string, ...args: string[]) => {
      const command = new Deno.Command(`${PREFIX[host]}${program}`, { args, cwd: directory });
      const { success, stderr } = command.outputSync();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
    };
    run("as", "-o", "out.o", "in.s");
    run("objcopy", "-O", "binary", "-j", ".text", "out.o", "out");
    return Deno.readFileSync(`${directory}/out`);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function hex(bytes: Iterable<number>): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Every combination of one of each. */
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
