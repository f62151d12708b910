import { loadConfig } from "../config/load.ts";
import type { Effective } from "../config/config.ts";
import type { Environment } from "../environment.ts";
import { type Result, success } from "../failure.ts";
import { compileRoutes, type RefusedRule } from "../routes/compile.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import type { Facts } from "./facts.ts";

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
  const decision = decide(compiled.value.table, facts);
  if (!decision.ok) return decision;
  return success({ effective, refused: compiled.value.refused, decision: decision.value });
}
