import { NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import type { Candidate } from "../decide/candidate.ts";
import { fillArgv, fillEnvironment, fillOwnArgv, fillScriptArgv } from "../decide/command.ts";
import { fillPath } from "../decide/path_template.ts";
import * as program from "../decide/program.ts";
import { scriptInterpreter } from "../decide/shebang.ts";
import { wordsOf } from "../error_words.ts";
import { closeOnExecve, ENOENT, execve, execveOf } from "../linux.ts";
import { fail } from "../message.ts";

/** Becomes the interpreter. */
export function execute(candidate: Candidate): never {
  const argv = fillArgv(candidate);
  const envp = fillEnvironment(candidate);
  // argv's first item as a path, in which only home folders stand for anything: a damaged table
  // could have any string of the caller's there, the program itself among them.
  const path = fillPath(candidate.argv) ?? NONE;
  refuse(path, execve(path, argv, envp, caller.firstVariable));
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
  refuse(path, execve(path, argv, undefined, caller.firstVariable));
}

function refuse(interpreter: Uint8Array, error: number): never {
  const more = error === ENOENT ? ", or its own interpreter is missing" : "";
  fail(126, "its interpreter ", interpreter, " cannot be started: ", wordsOf(error), more);
}
