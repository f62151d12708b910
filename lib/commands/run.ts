import type { Environment } from "../environment.ts";
import { failed, success } from "../failure.ts";
import { findProgram } from "../find_program.ts";
import { isExecutable } from "../is_executable.ts";
import { HANDLER } from "../paths.ts";
import { shellQuote } from "../shell_quote.ts";
import { INHERIT, startProcess } from "../start_process.ts";
import type { Outcome } from "./answer.ts";
import type { Run } from "./command.ts";

/** As shells report death by a signal. */
const SIGNAL_STATUS = 128;

/** `run PROGRAM ARGUMENTS`: starts the native handler as the kernel would, and ends as it does. */
export async function run(
  command: Run,
  environment: Environment,
  handler = HANDLER,
): Outcome {
  const program = findProgram(command.program, environment);
  if (!program.ok) return program;
  if (!isExecutable(program.value, environment)) {
    return failed({
      code: "cannot-run",
      what: `run “${command.program}”`,
      why: "it is not marked as executable",
      hint: `Mark it: chmod +x ${shellQuote(program.value)}`,
    });
  }
  const args = [program.value, ...command.args];
  const child = startProcess(handler, args, INHERIT, `run “${command.program}”`);
  if (!child.ok) return child;
  const { code, signal } = await child.value.status;
  return success({ status: signal === null ? code : Math.max(code, SIGNAL_STATUS) });
}
