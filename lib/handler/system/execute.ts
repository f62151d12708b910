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

/** Becomes the interpreter; returns if it may not be executed. */
export function execute(candidate: Candidate): void {
  const argv = fillArgv(candidate);
  const envp = fillEnvironment(candidate);
  const isInGuest = candidate.muvm !== 0;
  if (isInGuest) giveInput();
  // Filled in as a path, where only directories can be replaced: in a damaged table, argv[0] could
  // be the program itself.
  const path = fillPath(candidate.argv) ?? NONE;
  // The guest could not connect to muvm's socket with umask 0777. The program gets the caller's.
  const mask = isInGuest ? umask(0o077) : 0;
  const error = execve(path, argv, envp, caller.firstVariable);
  if (isInGuest) umask(mask);
  if (error !== EACCES) refusePath(path, error);
}

/**
 * Becomes the program itself. It is executed by its descriptor: its name is then /dev/fd/N
 * (alloc_bprm() in fs/exec.c), which no entry for an extension matches.
 */
export function executeOwn(): never {
  closeOnExecve(program.descriptor);
  const argv = fillOwnArgv();
  const error = execveOf(program.descriptor, argv, undefined, caller.firstVariable);
  fail(126, wordsOf(error));
}

/** Becomes the script's interpreter, as load_script() in fs/binfmt_script.c does. */
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
