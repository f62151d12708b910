/** The embedded interpreters, for containers without a table and a resolver. */
import { hasMagic, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as program from "../decide/program.ts";
import { wordsOf } from "../error_words.ts";
import { EACCES, execveOf, memfd, writeAll } from "../linux.ts";
import { cannotRun, end, fail, say, sayNext } from "../message.ts";
import { FALLBACK, FALLBACK_MAGIC_SIZE } from "../options.ts";
import { option, part, u32, utf8 } from "../outside.ts";
import { clear, ownString, push, pushWord } from "../pointers.ts";
import { isAsked, tellWho } from "./asked.ts";

/** The kernel's limit for arguments: bprm_stack_limits() in fs/exec.c. */
const argv = new Uint8Array(6 * 1024 * 1024);

/** argv[0] of the interpreter that was read last. */
export let name: Uint8Array = NONE;
let magics: Uint8Array = NONE;
let image: Uint8Array = NONE;

/** Reads the interpreter at an index of the option; returns the index after it. */
export function read(index: number): number {
  const all = option("fallbacks");
  const nameAt = index + FALLBACK.SIZE;
  const magicsAt = nameAt + u32(all, index + FALLBACK.name);
  const imageAt = magicsAt + u32(all, index + FALLBACK.magics);
  const end = imageAt + u32(all, index + FALLBACK.image);
  name = part(all, nameAt, magicsAt);
  magics = part(all, magicsAt, imageAt);
  image = part(all, imageAt, end);
  return end;
}

/** Becomes the interpreter for the program; returns if there is none. */
export function startFallback(): void {
  const length = option("fallbacks").length;
  let index = 0;
  while (index < length) {
    index = read(index);
    if (isForProgram()) start();
  }
}

function start(): never {
  if (isAsked()) tellWho(name, "in the handler");
  program.close();
  const descriptor = memfd(name, true);
  if (descriptor < 0) refuse(descriptor);
  const error = writeAll(descriptor, image);
  if (error < 0) refuse(error);
  fillArguments();
  refuse(execveOf(descriptor, argv, undefined, caller.firstVariable));
}

function refuse(error: number): never {
  if (error === EACCES) refuseMemory();
  fail(126, "the embedded interpreter cannot be started: ", wordsOf(error));
}

function refuseMemory(): never {
  cannotRun();
  say("the embedded interpreter may not be executed from memory");
  sayNext();
  say("The sysctl vm.memfd_noexec forbids it in this container");
  end(126);
}

/** Does the program begin with one of the magics? */
function isForProgram(): boolean {
  if (program.head.length < FALLBACK_MAGIC_SIZE) return false;
  for (let i = 0; i < magics.length; i += 2 * FALLBACK_MAGIC_SIZE) {
    const mask = i + FALLBACK_MAGIC_SIZE;
    const magic = part(magics, i, mask);
    if (hasMagic(program.head, 0, magic, part(magics, mask, mask + FALLBACK_MAGIC_SIZE))) {
      return true;
    }
  }
  return false;
}

/** qemu's arguments (linux-user/main.c): -0 ARGV0 -- PROGRAM ARGUMENTS… */
function fillArguments(): void {
  clear();
  let index = push(argv, 0, ownString(name, NONE));
  index = push(argv, index, ownString(utf8("-0"), NONE));
  index = push(argv, index, caller.argv0);
  index = push(argv, index, ownString(utf8("--"), NONE));
  index = push(argv, index, caller.program);
  for (let i = 0; i < caller.nArguments; i++) index = push(argv, index, caller.argument(i));
  pushWord(argv, index, 0);
}
