/** Decides the start of a program by the configuration of now. */
import type { Effective } from "../config/config.ts";
import type { Environment } from "../environment.ts";
import { type Result, success } from "../failure.ts";
import { compileRoutes } from "../routes/compile.ts";
import type { Gathered } from "../start/gather.ts";
import { decideAsTold } from "./as_told.ts";
import type { Explained } from "./report.ts";

type Decided = Omit<Explained, "effective">;

/**
 * The lists of the program's own machine are enough for it, and take a tenth of the time. But only
 * the whole table tells whether the configuration has one, unless the handler has it already.
 */
export function decideProgram(
  gathered: Gathered,
  effective: Effective,
  environment: Environment,
): Result<Decided> {
  const machine = "error" in gathered.elf ? undefined : gathered.elf.machine?.name;
  if (machine !== undefined && environment.root === "") {
    const decided = decideBy(machine, gathered, effective, environment);
    const { told, decision } = decided.ok ? decided.value : {};
    if (told?.table !== undefined && decision?.program?.name === machine) return decided;
  }
  return decideBy(undefined, gathered, effective, environment);
}

function decideBy(
  machine: string | undefined,
  gathered: Gathered,
  effective: Effective,
  environment: Environment,
): Result<Decided> {
  const compiled = compileRoutes(effective, { machine });
  if (!compiled.ok) return compiled;
  const { table, refused } = compiled.value;
  const asked = decideAsTold(table, [gathered.facts], [gathered.path], environment);
  const { told, unseen, starts } = asked;
  const { facts, decision } = starts[0]!;
  if (!decision.ok) return decision;
  const decided = { gathered: { ...gathered, facts }, refused, decision: decision.value };
  return success({ ...decided, told, unseen });
}
