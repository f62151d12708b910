/** What happens when the program is started. */
import { exitStatus } from "../failure.ts";
import { notExecutable } from "../is_executable.ts";
import { EACCES } from "./handler_facts.ts";
import type { Explained, Report } from "./report.ts";

export interface Outcome {
  readonly result: "interpreter" | "kernel" | "script" | "entry" | "failure";
  /** The exit status of the start, if the handler sets it; else 0. */
  readonly status: number;
  readonly why: string | undefined;
  readonly hint: string | undefined;
}

export function outcomeOf(
  { gathered, decision, kernel, told }:
    & Pick<Explained, "gathered" | "decision" | "told">
    & Pick<Report, "kernel">,
  whatNext: string | undefined,
): Outcome {
  const { path, executable, script } = gathered;
  const ends = (result: Outcome["result"], status = 0, why?: string, hint?: string) => (
    { result, status, why, hint }
  );
  const { failure } = decision;
  const unknown = decision.program === undefined && script === undefined;
  if (!executable && !unknown) {
    const { why, hint } = notExecutable(path);
    return ends("failure", 126, why, hint);
  }
  if (told?.path.noexec) {
    const why = "its file system is mounted with noexec";
    return ends("failure", 126, why, "Move it to another one, or mount that one without noexec.");
  }
  if (executable && told?.path.errno === EACCES) {
    return ends("failure", 126, "this user may not execute it");
  }
  const taken = kernel.entries.find(({ name }) => name === kernel.taken);
  if (taken !== undefined && !taken.usable) {
    const why = `${taken.interpreter}, the interpreter of ${taken.name} in binfmt_misc, is missing`;
    return ends("failure", 127, why);
  }
  if (taken !== undefined && !taken.ours) return ends("entry");
  if (decision.own === "script") return ends("script");
  if (decision.own === "program" || (kernel.native && taken === undefined)) return ends("kernel");
  if (failure === undefined) return ends("interpreter");
  if (decision.program === undefined && script !== undefined) return ends("script");
  return ends("failure", exitStatus(failure), failure.why, whatNext);
}
