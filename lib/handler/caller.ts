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

/**
 * AT_FLAGS: argv[0] was kept (flag P), so it follows the program's path. From linux/binfmts.h,
 * since 5.12.
 */
export const AT_FLAGS_PRESERVE_ARGV0 = 1;

/** execfd where the kernel passed none. */
export const NO_DESCRIPTOR = -1;

/** The handler's own path, as it is registered. */
export let handler: Uint8Array = NONE;
/** The program's path, as the kernel has it. */
export let program: Uint8Array = NONE;
export let argv0: Uint8Array = NONE;
/** Which word of the stack is the program's own first argument, argv[0] not counted. */
export let firstArgument = 0;
export let nArguments = 0;
/** `run` started the handler, no entry with flag O or P. */
export let isByHand = false;
/** binfmt-dispatcher itself starts the handler for an errand: system/errand.ts. */
export let isErrand = false;
/** Which word of the stack is the first variable. */
export let firstVariable = 0;
/** The program's descriptor, with flag O; 0 is valid. */
export let execfd = NO_DESCRIPTOR;
/** Bytes. */
export let pageSize = 0;
export let euid = 0;
/** A start with another user's rights: nothing that the caller says is trusted. */
export let isSecure = false;

/**
 * Reads what the kernel left on the stack: argc, argv, 0, envp, 0, auxv (fs/binfmt_elf.c,
 * create_elf_tables). With flag P argv is handler, path, argv[0], arguments; without it handler,
 * path, arguments.
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

/** The path stands behind an errand's name and a word: a start with these flags of another's. */
export function takeOver(flags: number, descriptor: number): void {
  execfd = descriptor;
  takeArguments(4, flags);
}

function endOfVariables(): number {
  let word = firstVariable;
  while (stackWord(word) !== 0) word++;
  return word;
}

/** Gives AT_FLAGS. */
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

/** The string whose address is the stack's n-th word. */
export function stringAt(n: number): Uint8Array {
  return cString(stackWord(n));
}

/** Does that string begin so? */
export function startsWith(n: number, beginning: Uint8Array): boolean {
  let address = stackWord(n);
  for (const byte of beginning) {
    if (peek(address) !== byte) return false;
    address++;
  }
  return true;
}

/** A program's own argument, argv[0] not counted. */
export function argument(index: number): Uint8Array {
  return stringAt(firstArgument + index);
}

/** A variable's value; undefined if it is unset, or the start is privileged. */
export function variable(name: string): Uint8Array | undefined {
  return variableNamed(utf8(name));
}

/** The same for a name that is not written down here. */
export function variableNamed(name: Uint8Array): Uint8Array | undefined {
  const whole = entry(name);
  return whole === undefined ? undefined : part(whole, name.length + 1, whole.length);
}

/** The same for a directory: a path that is not absolute counts as unset. */
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

/**
 * The home directory that the caller has: root's own, else HOME. It counts only where it is theirs:
 * decide/home.ts.
 */
export function home(): Uint8Array | undefined {
  if (isSecure) return undefined;
  return euid === 0 ? utf8(ROOTS_HOME) : directory("HOME");
}

/** A directory that a variable can move out of the home directory; root's stay there. */
export function moved(name: string): Uint8Array | undefined {
  return euid === 0 ? undefined : directory(name);
}
