import type { Effective } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import type { Environment } from "../environment.ts";
import { type Result, success } from "../failure.ts";
import { type CompiledRoutes, compileRoutes, type RefusedRule } from "../routes/compile.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import type { Facts } from "./facts.ts";

/** The present configuration, and the table compiled from it. */
export interface Routes {
  readonly effective: Effective;
  readonly compiled: Result<CompiledRoutes>;
}

export interface Decided {
  readonly effective: Effective;
  readonly refused: readonly RefusedRule[];
  readonly decision: Decision;
}

/** `user`: include the user's layer. */
export function loadRoutes(environment: Environment, user: boolean): Routes {
  const effective = loadConfig(environment, { user });
  return { effective, compiled: compileRoutes(effective) };
}

/** Decides a start with the present configuration. */
export function decideStart(
  facts: Facts,
  environment: Environment,
  user: boolean,
): Result<Decided> {
  const { effective, compiled } = loadRoutes(environment, user);
  if (!compiled.ok) return compiled;
  const decision = decide(compiled.value.table, facts);
  if (!decision.ok) return decision;
  return success({ effective, refused: compiled.value.refused, decision: decision.value });
}
