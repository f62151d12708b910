import { NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import type { Candidate } from "../decide/candidate.ts";
import { fillArgv, fillEnvironment } from "../decide/command.ts";
import { fillPath } from "../decide/path_template.ts";
import { wordsOf } from "../error_words.ts";
import { ENOENT, execve } from "../linux.ts";
import { fail } from "../message.ts";

/** Becomes the interpreter. */
export function execute(candidate: Candidate): never {
  const argv = fillArgv(candidate);
  const envp = fillEnvironment(candidate);
  // argv's first item as a path, in which only home folders stand for anything: a damaged table
  // could have any string of the caller's there, the program itself among them.
  const path = fillPath(candidate.argv) ?? NONE;
  const error = execve(path, argv, envp, caller.firstVariable);
  const more = error === ENOENT ? ", or its own interpreter is missing" : "";
  fail(126, "its interpreter ", path, " cannot be started: ", wordsOf(error), more);
}
