/** Starts programs with a given table by the handler's main() in Deno. */
import fc from "fast-check";
import { main } from "../../lib/handler/main.ts";
import { EPERM } from "../../lib/handler/linux.ts";
import { use } from "../../lib/handler/outside.ts";
import type { OptionName } from "../../lib/handler/options.ts";
import type { SyscallName } from "../../lib/native/syscalls.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { followLinks } from "../../lib/follow_links.ts";
import type { Facts } from "../../lib/start/facts.ts";
import { End, FactsKernel } from "../../lib/start/facts_kernel.ts";
import { buildElf } from "../elf/build_elf.ts";
import { HOST, PAGE_SIZE } from "../handler/stage.ts";
import { buildPe } from "../routes/build_pe.ts";
import { DIRECTORIES, FOREIGN, LINKS, PRESENT } from "./damaged_tables.ts";
import { reader } from "../start/opened.ts";
import { directoriesAbove, EUID, marked } from "./cell.ts";

/** What the handler is built with. */
export const RESOLVER = "/resolver";
export const TABLES_DIRECTORY = "/tables";

export const CWD = "/c";
export const ARGV = ["argv0", "x", "-h", ""];

export const PROGRAMS: Readonly<Record<string, Uint8Array>> = {
  "/a/b/prog": marked(buildElf({ machine: "x86_64" })),
  "/b/prog": marked(buildElf({ machine: "x86_64", interp: "/ld.so" })),
  "/c/prog": marked(buildElf({ machine: "i386", interp: "/lib/ld.so" })),
  "/c/hexagon": marked(buildElf({ machine: "hexagon" })),
  "/c/sparc": marked(buildElf({ machine: "sparc" })),
  "/c/d/x.jar": marked(new Uint8Array([0x50, 0x4b])),
  "/c/x.exe": marked(buildPe(true)),
};

/** The server of muvm's machine. */
export const SERVER = "/run/krun/server";

export interface Start {
  readonly program: string;
  readonly override: string | undefined;
  readonly terminal: boolean;
  /** Does the caller's environment name its directories? */
  readonly directoriesKnown: boolean;
}

export const start: fc.Arbitrary<Start> = fc.record({
  program: fc.constantFrom(...Object.keys(PROGRAMS)),
  override: fc.constantFrom(undefined, undefined, undefined, "home"),
  terminal: fc.constantFrom(false, false, false, true),
  directoriesKnown: fc.constantFrom(true, true, true, false),
});

/** The start's environment, in order. */
export function environmentOf({ override, directoriesKnown }: Start): string[] {
  const picked = override === undefined ? [] : [`BINFMT_DISPATCHER_INTERPRETER=${override}`];
  const known = { ...DIRECTORIES, XDG_RUNTIME_DIR: "/run" };
  return [
    ...picked,
    ...(directoriesKnown ? Object.entries(known).map(([name, value]) => `${name}=${value}`) : []),
    ...["DISPLAY=:0", "PATH=/bin", "LANG=C", "no name=1"],
  ];
}

/** What a start led to. */
export type Outcome =
  | { readonly status: number; readonly said: string }
  /** The kernel runs the program itself. */
  | { readonly itself: true; readonly said: string }
  | {
    readonly path: string;
    readonly argv: string[];
    readonly env: string[];
    readonly said: string;
  };

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Decodes each byte to a letter of its own. */
const letters = new TextDecoder("windows-1252");

export function bytesAsLetters(bytes: Uint8Array): string {
  return letters.decode(bytes);
}

export function allAsLetters(strings: readonly Uint8Array[]): string[] {
  return strings.map(bytesAsLetters);
}

const NATIVE = reader(buildElf({ machine: HOST }));
const FILES = new Map([
  ...PRESENT.map((path) => [path, NATIVE] as const),
  ...Object.entries(PROGRAMS).map(([path, file]) => [path, reader(file)] as const),
  [FOREIGN, reader(buildElf({ machine: "sparc" }))],
]);
const EXISTING_DIRECTORIES = new Set(["/", ...[...FILES.keys(), SERVER].flatMap(directoriesAbove)]);

function open(path: Uint8Array): ReturnType<Facts["open"]> {
  const text = decoder.decode(path);
  if (text === "") return "absent";
  const absolute = (text.startsWith("/") ? text : `${CWD}/${text}`).replaceAll(/\/+/g, "/");
  const real = followed(absolute);
  if (real === undefined) return "absent";
  if (EXISTING_DIRECTORIES.has(real)) return "directory";
  return absolute.endsWith("/") ? "absent" : FILES.get(real) ?? "absent";
}

function followed(path: string): string | undefined {
  return followLinks(path, (each) => LINKS[each]);
}

function realPath(path: Uint8Array): Uint8Array | undefined {
  const real = followed(decoder.decode(path));
  if (real === undefined || path.length === 0) return undefined;
  const exists = FILES.has(real) || EXISTING_DIRECTORIES.has(real);
  return exists ? encoder.encode(real) : undefined;
}

export function factsOf(start: Start): Facts {
  const [argv0 = "", ...args] = ARGV;
  return {
    program: encoder.encode(start.program),
    argv0: encoder.encode(argv0),
    args: args.map((each) => encoder.encode(each)),
    canonical: encoder.encode(start.program),
    env: environmentOf(start).map((each) => encoder.encode(each)),
    cwd: encoder.encode(CWD),
    machine: HOST,
    page_size: PAGE_SIZE,
    euid: EUID,
    terminal: start.terminal,
    secure: false,
    kvm_errno: 0,
    read: reader(PROGRAMS[start.program]!),
    directory: (path) => path.slice(),
    realPath,
    open,
    executable: () => true,
  };
}

/** Thrown where the handler becomes the interpreter. */
class Executed extends Error {
  constructor(readonly outcome: Outcome) {
    super("execve");
  }
}

const STDIN = 0;
const TARGETS: Readonly<Record<string, string>> = { ...LINKS, "/proc/self/fd/0": "/dev/null" };

/** A kernel that has the table's file, too. */
class TableKernel extends FactsKernel {
  static readonly #DESCRIPTOR = 1000;
  static readonly #FILE = `${TABLES_DIRECTORY}/routes-${FORMAT_VERSION}`;
  readonly #table: Uint8Array;
  readonly #env: readonly Uint8Array[];
  readonly #hasInput: boolean;

  constructor(table: Uint8Array, facts: Facts, hasInput: boolean) {
    super(facts);
    this.#table = table;
    this.#env = facts.env;
    this.#hasInput = hasInput;
  }

  override option(name: OptionName): Uint8Array {
    const paths: Partial<Record<OptionName, string>> = {
      resolver: RESOLVER,
      tables: TABLES_DIRECTORY,
    };
    return encoder.encode(paths[name] ?? "");
  }

  override map(): Uint8Array | undefined {
    return this.#table;
  }

  override syscall(name: SyscallName, args: readonly (number | Uint8Array)[]): number {
    if (name === "openat" && pathOf(args[1] as Uint8Array) === TableKernel.#FILE) {
      return TableKernel.#DESCRIPTOR;
    }
    if (name === "statx" && args[0] === TableKernel.#DESCRIPTOR) {
      return putStatx(args[4] as Uint8Array, this.#table.length);
    }
    if (name === "readlinkat") {
      const target = TARGETS[pathOf(args[1] as Uint8Array)];
      if (target !== undefined) return encoder.encodeInto(target, args[2] as Uint8Array).written;
    }
    if (["socket", "connect", "flock", "pipe2", "dup3", "lseek"].includes(name)) return 0;
    if (name === "epoll_ctl" && !this.#hasInput) return EPERM;
    if (name === "statx" && args[0] === STDIN) return 0;
    if (name === "execveat") throw new Executed({ itself: true, said: this.said });
    if (name === "execve") {
      const [path, argv, env] = args as [Uint8Array, Uint8Array, Uint8Array | number];
      throw new Executed({
        path: bytesAsLetters(path.subarray(0, path.indexOf(0))),
        argv: allAsLetters(this.stringsOf(argv)),
        env: allAsLetters(typeof env === "number" ? this.#env : this.stringsOf(env)),
        said: this.said,
      });
    }
    return super.syscall(name, args);
  }
}

/** A path without its zero byte. */
function pathOf(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
}

/** struct statx of a table's file. */
function putStatx(into: Uint8Array, size: number): number {
  const S_IFREG = 0o100644;
  const view = new DataView(into.buffer, into.byteOffset, into.length);
  view.setUint16(28, S_IFREG, true);
  view.setUint32(20, EUID, true);
  view.setBigUint64(40, BigInt(size), true);
  return 0;
}

/** Starts a program with this table; without input, standard input is /dev/null. */
export function startInDeno(table: Uint8Array, start: Start, hasInput = true): Outcome {
  const kernel = new TableKernel(table, factsOf(start), hasInput || start.terminal);
  use(kernel);
  try {
    main();
  } catch (error) {
    if (error instanceof Executed) return error.outcome;
    if (error instanceof End) return { status: error.status, said: kernel.said };
    throw error;
  } finally {
    use(undefined);
  }
  throw new Error("main() returned");
}
