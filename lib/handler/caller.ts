/** What the kernel gives at a start: arguments, environment, auxiliary vector. */
import { ROOTS_HOME } from "../paths.ts";
import { EQUALS, first, indexOf, NONE, SLASH } from "./bytes.ts";
import { refuseDirectStart } from "./message.ts";
import { cString, part, peek, stackWord, utf8 } from "./outside.ts";

/** Entries of the auxiliary vector, from linux/auxvec.h. */
export const AT = {
  EXECFD: 2,
  PAGESZ: 6,
  FLAGS: 8,
  UID: 11,
  EUID: 12,
  GID: 13,
  EGID: 14,
  SECURE: 23,
} as const;

/** A bit of AT_FLAGS since Linux 5.12 (linux/binfmts.h): argv[0] follows the path (flag P). */
export const AT_FLAGS_PRESERVE_ARGV0 = 1;

/** execfd if the kernel passed none. */
export const NO_DESCRIPTOR = -1;

/** The handler's path, as it is registered. */
export let handler: Uint8Array = NONE;
/** The program's path, as the kernel has it. */
export let program: Uint8Array = NONE;
export let argv0: Uint8Array = NONE;
/** The stack's word with the program's first argument after argv[0]. */
export let firstArgument = 0;
export let nArguments = 0;
/** Was the handler started by `run`, not by an entry with flag O or P? */
export let isByHand = false;
/** Was the handler started for an errand? See system/errand.ts. */
export let isErrand = false;
/** The stack's word with the first variable. */
export let firstVariable = 0;
/** The program's descriptor (flag O). It can be 0. */
export let execfd = NO_DESCRIPTOR;
/** Bytes. */
export let pageSize = 0;
export let euid = 0;
/** Does it start with another user's privileges? Then its arguments and variables are untrusted. */
export let isSecure = false;

/**
 * Reads the initial stack: argc, argv, 0, envp, 0, auxv (create_elf_tables() in fs/binfmt_elf.c).
 * argv is handler, path, arguments; with flag P, argv[0] stands between path and arguments.
 */
export function readStack(): void {
  const argc = stackWord(0);
  if (argc < 2) refuseDirectStart();
  handler = cString(stackWord(1));
  firstVariable = argc + 2;
  const flags = readAuxiliaryVector(endOfVariables() + 1);
  takeArguments(2, flags);
  isErrand = (flags & AT_FLAGS_PRESERVE_ARGV0) === 0 && execfd === NO_DESCRIPTOR &&
    indexOf(program, SLASH) === program.length;
}

/** The program's path is the stack's n-th word. */
function takeArguments(n: number, flags: number): void {
  const argc = stackWord(0);
  const hasArgv0 = (flags & AT_FLAGS_PRESERVE_ARGV0) !== 0 && argc > n;
  program = cString(stackWord(n));
  isByHand = execfd === NO_DESCRIPTOR && !hasArgv0;
  argv0 = hasArgv0 ? cString(stackWord(n + 1)) : program;
  firstArgument = hasArgv0 ? n + 2 : n + 1;
  nArguments = argc + 1 - firstArgument;
}

/** Takes over the start that the errand `registered` was given; the path is its second word. */
export function takeOver(flags: number, descriptor: number): void {
  execfd = descriptor;
  takeArguments(4, flags);
}

function endOfVariables(): number {
  let word = firstVariable;
  while (stackWord(word) !== 0) word++;
  return word;
}

/** Returns AT_FLAGS. */
function readAuxiliaryVector(start: number): number {
  let flags = AT_FLAGS_PRESERVE_ARGV0;
  let uid = 0;
  let gid = 0;
  let egid = 0;
  execfd = NO_DESCRIPTOR;
  euid = 0;
  isSecure = false;
  for (let word = start; stackWord(word) !== 0; word += 2) {
    const value = stackWord(word + 1);
    switch (stackWord(word)) {
      case AT.EXECFD:
        execfd = value;
        break;
      case AT.PAGESZ:
        pageSize = value;
        break;
      case AT.FLAGS:
        flags = value;
        break;
      case AT.UID:
        uid = value;
        break;
      case AT.EUID:
        euid = value;
        break;
      case AT.GID:
        gid = value;
        break;
      case AT.EGID:
        egid = value;
        break;
      case AT.SECURE:
        isSecure = value !== 0;
        break;
    }
  }
  isSecure = isSecure || uid !== euid || gid !== egid;
  return flags;
}

/** The stack's n-th word. */
export function wordAt(n: number): number {
  return stackWord(n);
}

/** The string that the stack's n-th word points to. */
export function stringAt(n: number): Uint8Array {
  return cString(stackWord(n));
}

/** Does that string begin with these bytes? */
export function startsWith(n: number, beginning: Uint8Array): boolean {
  let address = stackWord(n);
  for (const byte of beginning) {
    if (peek(address) !== byte) return false;
    address++;
  }
  return true;
}

/** An argument of the program, counted from the one after argv[0]. */
export function argument(index: number): Uint8Array {
  return stringAt(firstArgument + index);
}

/** The value of a variable; undefined if it is unset or the start is privileged. */
export function variable(name: string): Uint8Array | undefined {
  return variableNamed(utf8(name));
}

/** The same for a name in bytes. */
export function variableNamed(name: Uint8Array): Uint8Array | undefined {
  const whole = entry(name);
  return whole === undefined ? undefined : part(whole, name.length + 1, whole.length);
}

/** The same for an absolute path; another value counts as unset. */
export function directory(name: string): Uint8Array | undefined {
  const value = variable(name);
  return value !== undefined && first(value) === SLASH ? value : undefined;
}

/** A variable with its name in front: `name=value`. */
export function entry(name: Uint8Array): Uint8Array | undefined {
  if (isSecure) return undefined;
  const initial = first(name);
  for (let word = firstVariable; stackWord(word) !== 0; word++) {
    const address = stackWord(word);
    if (peek(address) === initial && hasName(address, name)) return cString(address);
  }
  return undefined;
}

/** Is this the entry `name=…`? */
function hasName(entry: number, name: Uint8Array): boolean {
  let address = entry;
  for (const byte of name) {
    if (peek(address) !== byte) return false;
    address++;
  }
  return peek(address) === EQUALS;
}

/** Root's home directory for root, else HOME. Whoever uses it checks its owner. */
export function home(): Uint8Array | undefined {
  if (isSecure) return undefined;
  return euid === 0 ? utf8(ROOTS_HOME) : directory("HOME");
}

/** A directory instead of one below the home directory, such as XDG_CONFIG_HOME; not for root. */
export function moved(name: string): Uint8Array | undefined {
  return euid === 0 ? undefined : directory(name);
}
