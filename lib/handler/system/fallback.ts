/** The interpreter that was built in, for where neither a table nor the resolver can be reached. */
import { hasMagic, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as program from "../decide/program.ts";
import { wordsOf } from "../error_words.ts";
import { EACCES, execveOf, memfd, writeAll } from "../linux.ts";
import { cannotRun, end, fail, say, sayNext } from "../message.ts";
import { option, part, utf8 } from "../outside.ts";
import { clear, ownString, push, pushWord } from "../pointers.ts";

/** Bytes of a magic and of its mask; the option has both for each of a machine's kinds. */
const MAGIC_SIZE = 20;

/** As much as the kernel takes for arguments (bprm_stack_limits in fs/exec.c). */
const argv = new Uint8Array(6 * 1024 * 1024);

/** Becomes it, where there is one for the program; else goes on. */
export function startFallback(): void {
  const image = option("fallback");
  if (image.length === 0 || !isForUs()) return;
  program.close();
  const name = option("fallback_name");
  const descriptor = memfd(name, true);
  if (descriptor < 0) refuse(descriptor);
  const error = writeAll(descriptor, image);
  if (error < 0) refuse(error);
  fillArguments(name);
  refuse(execveOf(descriptor, argv, undefined, caller.firstVariable));
}

function refuse(error: number): never {
  if (error === EACCES) refuseMemory();
  fail(126, "the interpreter in the handler cannot be started: ", wordsOf(error));
}

function refuseMemory(): never {
  cannotRun();
  say("the interpreter in the handler may not be executed from memory here");
  sayNext();
  say("The kernel's setting vm.memfd_noexec forbids it for this container");
  end(126);
}

/** Has the program's head one of the machine's magics? */
function isForUs(): boolean {
  const all = option("fallback_magics");
  const END = 2 * MAGIC_SIZE;
  if (program.head.length < MAGIC_SIZE) return false;
  for (let i = 0; i < all.length; i += END) {
    const magic = part(all, i, i + MAGIC_SIZE);
    if (hasMagic(program.head, 0, magic, part(all, i + MAGIC_SIZE, i + END))) return true;
  }
  return false;
}

/** As qemu's linux-user/main.c has it: -0 for argv[0], -- before the program. */
function fillArguments(name: Uint8Array): void {
  clear();
  let index = push(argv, 0, ownString(name, NONE));
  index = push(argv, index, ownString(utf8("-0"), NONE));
  index = push(argv, index, caller.argv0);
  index = push(argv, index, ownString(utf8("--"), NONE));
  index = push(argv, index, caller.program);
  for (let i = 0; i < caller.nArguments; i++) index = push(argv, index, caller.argument(i));
  pushWord(argv, index, 0);
}
