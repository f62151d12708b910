/**
 * Can muvm be used here, and which paths do the host's files have in its guest? Interpreters run in
 * muvm's virtual machine if the kernel's page size does not fit.
 */
import { first, join, NONE, SLASH, startsWith } from "../bytes.ts";
import * as caller from "../caller.ts";
import { isUtf8 } from "../is_utf8.ts";
import * as linux from "../linux.ts";
import { EACCES, PATH_MAX, R_OK, W_OK } from "../linux.ts";
import { fail } from "../message.ts";
import { at, utf8 } from "../outside.ts";
import * as program from "./program.ts";
import { workingDirectory } from "./working_directory.ts";

/** Why muvm cannot be used: obstacleWords() explains each. */
export const OBSTACLE = {
  NONE: 0,
  ROOT: 1,
  HOME: 2,
  RUNTIME: 3,
  VARIABLES: 4,
  KVM: 5,
  DIRECTORY: 6,
} as const;

export const KVM = "/dev/kvm";

const absolute = new Uint8Array(2 * PATH_MAX);
const guest = new Uint8Array(2 * PATH_MAX + 32);

export function obstacle(): number {
  if (caller.euid === 0) return OBSTACLE.ROOT;
  const home = caller.entry(utf8("HOME"));
  if (home === undefined) return OBSTACLE.HOME;
  const runtime = caller.directory("XDG_RUNTIME_DIR");
  if (runtime === undefined) return OBSTACLE.RUNTIME;
  if (!isUtf8(home) || !isUtf8(runtime) || !areVariablesPassable()) return OBSTACLE.VARIABLES;
  // An absent /dev/kvm is not checked here: the layers list it as a requirement.
  if (linux.access(utf8(KVM), R_OK | W_OK) === EACCES) return OBSTACLE.KVM;
  return workingDirectory().length === 0 ? OBSTACLE.DIRECTORY : OBSTACLE.NONE;
}

export function obstacleWords(obstacle: number): string {
  switch (obstacle) {
    case OBSTACLE.ROOT:
      return "muvm refuses root";
    case OBSTACLE.HOME:
      return "muvm needs HOME";
    case OBSTACLE.RUNTIME:
      return "muvm needs XDG_RUNTIME_DIR";
    case OBSTACLE.VARIABLES:
      return "muvm cannot read HOME, PATH or a locale variable that is not UTF-8";
    case OBSTACLE.KVM:
      return "muvm may not open /dev/kvm";
    default:
      return "muvm needs a working directory, and this one is gone";
  }
}

/** muvm forwards some variables unasked, and fails if one of them is not UTF-8 (env.rs). */
function areVariablesPassable(): boolean {
  for (let word = caller.firstVariable; caller.wordAt(word) !== 0; word++) {
    if (isPassedUnasked(word) && !isPassable(caller.stringAt(word))) return false;
  }
  return true;
}

function isPassedUnasked(word: number): boolean {
  return caller.startsWith(word, utf8("PATH=")) || caller.startsWith(word, utf8("LANG=")) ||
    caller.startsWith(word, utf8("LC_")) || caller.startsWith(word, utf8("LD_LIBRARY_PATH=")) ||
    caller.startsWith(word, utf8("LIBGL_DRIVERS_PATH=")) ||
    caller.startsWith(word, utf8("MESA_LOADER_DRIVER_OVERRIDE=")) ||
    caller.startsWith(word, utf8("RUST_LOG=")) || caller.startsWith(word, utf8("XMODIFIERS="));
}

/** Can muvm carry these bytes? Its server takes the letters EOM for the end of a message. */
export function isPassable(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !endsMessage(bytes);
}

function endsMessage(bytes: Uint8Array): boolean {
  for (let i = 2; i < bytes.length; i++) {
    if (at(bytes, i) === 0x4d && at(bytes, i - 1) === 0x4f && at(bytes, i - 2) === 0x45) {
      return true;
    }
  }
  return false;
}

/**
 * The program's absolute path in the guest; undefined if it is too long. A path that leads below
 * /run only through links is replaced by the canonical one.
 */
export function guestProgram(): Uint8Array | undefined {
  const path = absoluteProgram();
  if (path === undefined || isBelowRun(path) || !isBelowRun(program.canonical)) {
    return inGuest(path);
  }
  return inGuest(program.canonical);
}

/** The working directory's path in the guest. */
export function guestDirectory(): Uint8Array {
  const directory = workingDirectory();
  if (directory.length === 0) fail(126, "its working directory was deleted");
  return inGuest(directory) ?? NONE;
}

/** The handler's path in the guest. */
export function guestHandler(): Uint8Array {
  return inGuest(caller.handler) ?? NONE;
}

/** The program's path, made absolute. */
function absoluteProgram(): Uint8Array | undefined {
  if (first(caller.program) === SLASH) return caller.program;
  const directory = workingDirectory();
  const start = join(absolute, directory, utf8(directory.length === 1 ? "" : "/"));
  return start === undefined ? undefined : join(absolute, start, caller.program);
}

/** The path in the guest, which has the host's /run below its own. */
export function inGuest(path: Uint8Array | undefined): Uint8Array | undefined {
  if (path === undefined || !isBelowRun(path)) return path;
  return join(guest, utf8("/run/muvm-host"), path);
}

function isBelowRun(path: Uint8Array): boolean {
  const run = utf8("/run");
  if (!startsWith(path, run)) return false;
  return path.length === run.length || at(path, run.length) === SLASH;
}
