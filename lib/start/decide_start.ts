import { loadConfig } from "../config/load.ts";
import type { Effective } from "../config/config.ts";
import type { Environment } from "../environment.ts";
import { type Result, success } from "../failure.ts";
import { compileRoutes, type RefusedRule } from "../routes/compile.ts";
import { type Decision, evaluate } from "../routes/evaluate.ts";
import type { Facts } from "../routes/facts.ts";
import { Table } from "../routes/table.ts";

export interface Decided {
  readonly effective: Effective;
  readonly refused: readonly RefusedRule[];
  readonly decision: Decision;
}

/**
 * What the handler would decide of these facts with the configuration of now. `user`: with the
 * user's own layer.
 */
export function decideStart(
  facts: Facts,
  environment: Environment,
  user: boolean,
): Result<Decided> {
  const effective = loadConfig(environment, { user });
  const compiled = compileRoutes(effective);
  if (!compiled.ok) return compiled;
  const table = Table.read(compiled.value.table);
  if (!table.ok) return table;
  const decision = evaluate(table.value, facts);
  if (!decision.ok) return decision;
  return success({ effective, refused: compiled.value.refused, decision: decision.value });
}
