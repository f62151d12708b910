import { Program, type Target } from "../native/program.ts";
import { HEAD_SIZE } from "../routes/format.ts";

/** What a handler is built for. */
export interface HandlerOptions {
  /** The machine it runs on. */
  readonly host: Target;
  /** Absolute path of the program that compiles the route table. */
  readonly resolver: string;
  /** Absolute path of the folder with the system table. */
  readonly tables: string;
  /** With a symbol table, for gdb and perf. */
  readonly symbols: boolean;
  /** A static qemu-user to carry along, for where no table and no resolver can be reached. */
  readonly fallback?: FallbackInterpreter;
}

export interface FallbackInterpreter {
  /** Whose programs it runs. */
  readonly machine: string;
  /** Its argv[0]. */
  readonly name: string;
  /** The ELF file. */
  readonly image: Uint8Array;
}

/** Room for a path and its zero byte, as the kernel's PATH_MAX. */
export const PATH_SIZE = 4096;

/** A system call's result above this is a negated errno. */
export const ERRORS_ABOVE = -4096;

/** What the steps share. Every variable is a fixed slot of eight bytes. */
export function createState(options: HandlerOptions) {
  const code = new Program(options.host);
  const variables = <Name extends string>(...names: Name[]) =>
    Object.fromEntries(names.map((name) => [name, code.variable(name)])) as Record<
      Name,
      ReturnType<typeof code.variable>
    >;
  return {
    options,
    code,
    /** A result that nobody looks at. */
    ignored: code.variable("ignored"),
    ...variables(
      // What the kernel gave (stack.ts).
      "argv0",
      "program",
      "arguments",
      "n_arguments",
      "envp",
      "execfd",
      "page_size",
      "euid",
      "secure",
      // The program's file (program.ts): its descriptor, and how much of its head was
      // read.
      "descriptor",
      "head_length",
      "path_length",
      // The table (table.ts): where it is mapped and how long it is.
      "table",
      "table_size",
      // What the program is (kind.ts, probe.ts) and what is to be done with it (rule.ts,
      // candidate.ts).
      "row",
      "facts",
      "list",
      "candidate",
      "sysroot",
    ),
    head: code.buffer("head", HEAD_SIZE),
    /** The program's canonical path, not terminated. */
    path: code.buffer("path", PATH_SIZE),
    /** PT_INTERP with its zero byte; empty in a static program. */
    loader: code.buffer("loader", PATH_SIZE),
  };
}

export type State = ReturnType<typeof createState>;
