import type { Environment } from "../environment.ts";
import { failed, type Failure, success } from "../failure.ts";
import { findProgram } from "../find_program.ts";
import { HANDLER } from "../paths.ts";
import type { Outcome } from "./answer.ts";
import type { Run } from "./arguments.ts";

/** As shells report death by a signal. */
const SIGNAL_STATUS = 128;

/** `run PROGRAM ARGUMENTS`: starts the native handler as the kernel would, and ends as it does. */
export async function run(command: Run, environment: Environment): Outcome {
  if (command.root !== "") return failed(elsewhere(command));
  const program = findProgram(command.program, environment);
  if (!program.ok) return program;
  const path = command.handler ?? HANDLER;
  try {
    const child = new Deno.Command(path, { args: [program.value, ...command.args] }).spawn();
    const { code, signal } = await child.status;
    return success({ status: signal === null ? code : Math.max(code, SIGNAL_STATUS) });
  } catch (error) {
    return failed(notStarted(command, path, error));
  }
}

function elsewhere({ program, root }: Run): Failure {
  return {
    code: "usage",
    what: `run “${program}”`,
    why: `a program cannot be started below --root ${root}`,
    hint: "“binfmt-dispatcher explain --root” says what would run it there.",
  };
}

function notStarted({ program }: Run, path: string, error: unknown): Failure {
  const what = `run “${program}”`;
  if (error instanceof Deno.errors.NotFound) {
    const hint = `Write it once, as root: binfmt-dispatcher handler > ${path}; chmod 755 ${path}`;
    return { code: "internal", what, why: `the handler ${path} is not installed`, hint };
  }
  if (error instanceof Deno.errors.NotCapable) {
    const ld = error.message.match(/\bLD_\w+/)?.[0];
    if (ld !== undefined) {
      const why = `${ld} is set, which a program with our permissions cannot hand on`;
      return {
        code: "internal",
        what,
        why,
        hint: `Unset it: env -u ${ld} binfmt-dispatcher run …`,
      };
    }
    const why = `this program may start ${HANDLER} only, not ${path}`;
    return { code: "internal", what, why };
  }
  const why = error instanceof Error ? error.message : String(error);
  return { code: "internal", what, why: `the handler ${path} cannot be started: ${why}` };
}
