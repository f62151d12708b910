/** A start of a program, of a few words. */
import type { Facts } from "../../lib/routes/facts.ts";
import { buildElf } from "../elf/build_elf.ts";

export const bytes = (text: string) => new TextEncoder().encode(text);
export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

interface Small extends Partial<Omit<Facts, "env" | "exists" | "isForeign" | "read">> {
  readonly env?: readonly string[];
  readonly present?: readonly string[];
  readonly file?: Uint8Array;
  /** Those of them that are no programs of this machine. */
  readonly foreign?: readonly string[];
}

/** A static x86_64 program, in a world with these files. */
export function smallFacts(small: Small = {}): Facts {
  const { env = [], present = [], file = buildElf({ machine: "x86_64" }), foreign = [], ...more } =
    small;
  return {
    program: bytes("./prog"),
    argv0: bytes("prog"),
    args: [bytes("x")],
    canonical: bytes("/a/prog"),
    home: undefined,
    env: env.map(bytes),
    cwd: bytes("/a"),
    page_size: 4096,
    euid: 1000,
    terminal: false,
    secure: false,
    read: (offset, limit) => file.subarray(offset, offset + limit),
    exists: (path) => present.includes(text(path)),
    isForeign: (path) => foreign.includes(text(path)),
    ...more,
  };
}
