/** A start of a program, of a few words. */
import type { Facts } from "../../lib/start/facts.ts";
import { buildElf } from "../elf/build_elf.ts";
import { openAmong, reader } from "../start/opened.ts";

export const bytes = (text: string) => new TextEncoder().encode(text);
export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

interface Small extends Partial<Omit<Facts, "env" | "open" | "read">> {
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
    directory: () => undefined,
    realPath: () => undefined,
    env: env.map(bytes),
    cwd: bytes("/a"),
    machine: "x86_64",
    page_size: 4096,
    euid: 1000,
    terminal: false,
    secure: false,
    kvm_errno: 0,
    read: reader(file),
    executable: () => true,
    open: openAmong((path) => present.includes(path), (path) => foreign.includes(path)),
    ...more,
  };
}
