import { registration } from "../binfmt/registration.ts";
import { readElf } from "../elf/header.ts";
import type { Environment } from "../environment.ts";
import { failed } from "../failure.ts";
import { HANDLER } from "../paths.ts";
import type { Outcome } from "./answer.ts";

/**
 * binfmt_misc started us with a program: an entry of older times names this program, which must not
 * stand between a program and its signals. Says so, and which line is right.
 */
export function registered(program: string, environment: Environment): Outcome {
  const header = readElf((offset, limit) => {
    const bytes = environment.read(program, offset, limit);
    return typeof bytes === "string" ? new Uint8Array() : bytes;
  });
  const name = "error" in header ? undefined : header.machine?.name;
  const right = name === undefined ? undefined : registration({
    host: environment.machine(),
    machines: [name],
    flags: undefined,
    handler: HANDLER,
    direct: undefined,
  }, undefined);
  const hint = right?.ok
    ? `The right line (“binfmt-dispatcher binfmt --machine ${name}” prints it):\n` +
      right.value.lines.join("\n")
    : "“binfmt-dispatcher binfmt --help” tells how to get the right line.";
  return Promise.resolve(failed({
    code: "internal",
    what: `run “${program}”`,
    why: `an old registration in binfmt_misc names this program; it must name ${HANDLER}`,
    hint,
  }));
}
