/**
 * muvm, in whose virtual machine an interpreter runs where the kernel's pages do not fit: can it be
 * asked for here, and how does its guest see the host's paths?
 */
import { first, join, same, SLASH, startsWith } from "../bytes.ts";
import * as caller from "../caller.ts";
import { isUtf8 } from "../is_utf8.ts";
import { PATH_MAX } from "../linux.ts";
import { at, utf8 } from "../outside.ts";
import * as program from "./program.ts";
import { workingDirectory } from "./working_directory.ts";

/** Why muvm cannot be asked for: it ends for root, has its sockets below XDG_RUNTIME_DIR, … */
export const OBSTACLE = { NONE: 0, ROOT: 1, RUNTIME: 2, UTF8: 3, FOLDER: 4 } as const;

const absolute = new Uint8Array(2 * PATH_MAX);
const guest = new Uint8Array(2 * PATH_MAX + 32);

export function obstacle(): number {
  if (caller.euid === 0) return OBSTACLE.ROOT;
  if (caller.folder("XDG_RUNTIME_DIR") === undefined) return OBSTACLE.RUNTIME;
  const directory = workingDirectory();
  if (directory.length === 0) return OBSTACLE.FOLDER;
  return isAllUtf8(directory) ? OBSTACLE.NONE : OBSTACLE.UTF8;
}

export function obstacleWords(obstacle: number): string {
  switch (obstacle) {
    case OBSTACLE.ROOT:
      return "muvm refuses root";
    case OBSTACLE.RUNTIME:
      return "muvm needs XDG_RUNTIME_DIR";
    case OBSTACLE.FOLDER:
      return "muvm needs a working directory, and this one is gone";
    default:
      return "muvm takes UTF-8 only";
  }
}

/** Is all that muvm is told UTF-8? It takes nothing else. */
function isAllUtf8(directory: Uint8Array): boolean {
  if (!isUtf8(directory) || !isUtf8(caller.program) || !isUtf8(caller.argv0)) return false;
  for (let i = 0; i < caller.nArguments; i++) {
    if (!isUtf8(caller.argument(i))) return false;
  }
  return true;
}

/**
 * The program's absolute path for the guest: the canonical one where only that tells that it is
 * below /run. Undefined where it is too long.
 */
export function guestProgram(): Uint8Array | undefined {
  const path = absoluteProgram();
  if (path === undefined || isBelowRun(path) || !isBelowRun(program.canonical)) {
    return inGuest(path);
  }
  return inGuest(program.canonical);
}

/** The working directory for the guest. */
export function guestDirectory(): Uint8Array | undefined {
  return inGuest(workingDirectory());
}

/** The path as the kernel has it, below the working directory. */
function absoluteProgram(): Uint8Array | undefined {
  if (first(caller.program) === SLASH) return caller.program;
  const directory = workingDirectory();
  const start = join(absolute, directory, utf8(directory.length === 1 ? "" : "/"));
  return start === undefined ? undefined : join(absolute, start, caller.program);
}

/** The guest's /run is another one: the host's stands below it. */
function inGuest(path: Uint8Array | undefined): Uint8Array | undefined {
  if (path === undefined || !isBelowRun(path)) return path;
  return join(guest, utf8("/run/muvm-host"), path);
}

function isBelowRun(path: Uint8Array): boolean {
  const run = utf8("/run");
  if (!startsWith(path, run)) return false;
  return path.length === run.length || at(path, run.length) === SLASH;
}

/**
 * muvm refuses `-h` and `--help` wherever they stand, also among a command's own arguments behind
 * `--` (its cli_options.rs; tried with bpaf 0.9). So these two go through it with a sign before
 * them that the guest's shell takes away again, and what begins with the sign gets one more.
 */
export function needsGuard(argument: Uint8Array): boolean {
  return startsWith(argument, utf8(GUARD)) || same(argument, utf8("-h")) ||
    same(argument, utf8("--help"));
}

export const GUARD = "=";
