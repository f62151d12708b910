/** Small facts of a start: what a test gives, and defaults. */
import type { Facts } from "../../lib/start/facts.ts";
import { buildElf } from "../elf/build_elf.ts";
import { openAmong, reader } from "../start/opened.ts";

export const bytes = (text: string) => new TextEncoder().encode(text);
export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

interface Small extends Partial<Omit<Facts, "env" | "open" | "read">> {
  readonly env?: readonly string[];
  readonly present?: readonly string[];
  readonly file?: Uint8Array;
  /** Those that are not programs of this machine. */
  readonly foreign?: readonly string[];
}

/** By default a static x86_64 program that finds no file. */
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
