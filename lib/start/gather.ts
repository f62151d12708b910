/** Gathers the facts of a start: all of its I/O. */
import { ownDirectory } from "../config/trust.ts";
import { type ElfError, type ElfHeader, HEAD_LIMIT, readElf } from "../elf/header.ts";
import type { Environment } from "../environment.ts";
import { failed, type Result, success } from "../failure.ts";
import { findProgram } from "../find_program.ts";
import { OVERRIDE } from "../handler/decide/override.ts";
import { isExecutable } from "../is_executable.ts";
import type { Host } from "../native/language.ts";
import { readerOf } from "../reader_of.ts";
import type { Facts } from "./facts.ts";
import { readScript, type Script } from "./script.ts";

/**
 * The variables that influence a decision. The handler passes them to the resolver:
 * lib/handler/system/child_command.ts.
 */
export const VARIABLES = [
  ...["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", OVERRIDE],
  // Used in config/*.toml.
  ...["BOX64_NOBANNER", "FEX_APP_CONFIG_LOCATION", "FEX_ROOTFS", "QEMU_LD_PREFIX"],
];
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Stands for a directory whose name is not UTF-8. */
const NOT_UTF8 = new Uint8Array([0x2f, 0xff]);

export interface Gathered {
  /** The path or name that the user wrote. */
  readonly given: string;
  /** The path that the kernel would get. */
  readonly path: string;
  /** The path with all links resolved. */
  readonly canonical: string;
  readonly executable: boolean;
  readonly elf: ElfHeader | ElfError;
  readonly script: Script | undefined;
  readonly facts: Facts;
}

/** Looks at the program; a Failure if it does not exist or cannot be read. */
export function gather(given: string, environment: Environment): Result<Gathered> {
  const found = findProgram(given, environment);
  if (!found.ok) return found;
  const path = found.value;
  const head = environment.read(path, 0, HEAD_LIMIT);
  if (typeof head === "string") {
    return failed({
      code: "cannot-run",
      what: `explain “${given}”`,
      why: "this user may not read it",
      hint: "Run explain as root. With flag O, the kernel opens the file for the handler.",
    });
  }
  const read = readerOf(path, environment, head);
  const canonical = environment.realPath(path) ?? path;
  return success({
    given,
    path,
    canonical,
    executable: isExecutable(path, environment),
    elf: readElf(read),
    script: readScript(head),
    facts: startFacts(environment, { given, path, canonical, read }),
  });
}

/** The facts of one start by the current user, without arguments. */
export function startFacts(
  environment: Environment,
  program: Pick<Gathered, "given" | "path" | "canonical"> & Pick<Facts, "read">,
): Facts {
  const isRunningSystem = environment.root === "";
  const cwd = isRunningSystem ? environment.workingDirectory() : "/";
  const directory = cwd === undefined ? "." : cwd;
  const absolute = (text: string) => text.startsWith("/") ? text : `${directory}/${text}`;
  return {
    program: encoder.encode(program.path),
    argv0: encoder.encode(program.given),
    args: [],
    canonical: encoder.encode(program.canonical),
    env: VARIABLES.flatMap((name) => {
      // OVERRIDE is for this system, not for another root.
      const value = name === OVERRIDE && !isRunningSystem ? undefined : environment.variable(name);
      return value === undefined ? [] : [encoder.encode(`${name}=${value}`)];
    }),
    cwd: cwd === undefined ? NOT_UTF8 : encoder.encode(cwd),
    machine: environment.machine() as Host,
    page_size: environment.pageSize(),
    euid: environment.uid(),
    terminal: isRunningSystem && ([0, 1, 2] as const).every((fd) => environment.isTerminal(fd)),
    // Only the handler knows.
    kvm_errno: 0,
    secure: false,
    directory: (path) => {
      const text = decode(path);
      return text === undefined ? undefined : encode(ownDirectory(environment, text));
    },
    realPath: (path) => {
      const text = decode(path);
      return text === undefined ? undefined : encode(environment.realPath(text));
    },
    read: program.read,
    open: (path) => {
      const text = decode(path);
      if (text === undefined) return "absent";
      return opened(absolute(text), environment);
    },
    executable: (path) => isExecutable(absolute(decode(path) ?? ""), environment),
  };
}

/** A file, or why it cannot be read. */
function opened(path: string, environment: Environment): ReturnType<Facts["open"]> {
  const stat = environment.stat(path);
  if (typeof stat === "string") return stat;
  if (stat.kind === "directory") return "directory";
  const head = environment.read(path, 0, HEAD_LIMIT);
  return typeof head === "string" ? "unreadable" : readerOf(path, environment, head);
}

function encode(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : encoder.encode(text);
}

/** Undefined if it is not UTF-8: such a path cannot be looked up. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
