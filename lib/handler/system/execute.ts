import { NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import type { Candidate } from "../decide/candidate.ts";
import { fillArgv, fillEnvironment, fillOwnArgv, fillScriptArgv } from "../decide/command.ts";
import { fillPath } from "../decide/path_template.ts";
import * as program from "../decide/program.ts";
import { scriptInterpreter } from "../decide/shebang.ts";
import { wordsOf } from "../error_words.ts";
import { closeOnExecve, EACCES, ENOENT, execve, execveOf, umask } from "../linux.ts";
import { fail } from "../message.ts";
import { giveInput } from "./muvm_input.ts";

/** Becomes the interpreter; comes back where that may not be executed. */
export function execute(candidate: Candidate): void {
  const argv = fillArgv(candidate);
  const envp = fillEnvironment(candidate);
  const isInGuest = candidate.muvm !== 0;
  if (isInGuest) giveInput();
  // argv's first item as a path, in which only home directories stand for anything: a damaged table
  // could have any string of the caller's there, the program itself among them.
  const path = fillPath(candidate.argv) ?? NONE;
  // The program gets its caller's, muvm one of ours: with 0777 its guest could not connect to it.
  const mask = isInGuest ? umask(0o077) : 0;
  const error = execve(path, argv, envp, caller.firstVariable);
  if (isInGuest) umask(mask);
  if (error !== EACCES) refusePath(path, error);
}

/**
 * Becomes the program itself: by its descriptor, for its name is then /dev/fd/N (alloc_bprm() in
 * fs/exec.c), which has no extension.
 */
export function executeOwn(): never {
  closeOnExecve(program.descriptor);
  const argv = fillOwnArgv();
  const error = execveOf(program.descriptor, argv, undefined, caller.firstVariable);
  fail(126, wordsOf(error));
}

/** Becomes what the script's first line names, as load_script() in fs/binfmt_script.c does. */
export function executeScript(): never {
  const argv = fillScriptArgv();
  const path = scriptInterpreter(program.head);
  refusePath(path, execve(path, argv, undefined, caller.firstVariable));
}

/** Says why the candidate cannot be started, and ends the handler. */
export function refuse(candidate: Candidate, error: number): never {
  refusePath(fillPath(candidate.argv) ?? NONE, error);
}

function refusePath(interpreter: Uint8Array, error: number): never {
  const more = error === ENOENT ? ", or its own interpreter is missing" : "";
  fail(126, "its interpreter ", interpreter, " cannot be started: ", wordsOf(error), more);
}
