import type { Config } from "../config/config.ts";
import type { Decided } from "../start/decide_start.ts";
import type { Failure } from "../failure.ts";
import { targetNamed } from "../routes/targets.ts";
import type { FoundManager } from "./managers/find_manager.ts";
import { type Lacking, lackingOf } from "./lacking.ts";
import { namedPackages } from "./named_packages.ts";

const decoder = new TextDecoder();

const EXPLAIN = "For details: binfmt-dispatcher explain PROGRAM";

/** A hint for a system whose package lists are old or missing; undefined if no package is named. */
function oldLists(
  lacking: readonly Lacking[],
  config: Config,
  found: FoundManager | undefined,
): string | undefined {
  if (found === undefined) return undefined;
  const { keys, refresh } = found.manager;
  const names = lacking.flatMap(({ need: { interpreter, target }, throughMuvm }) =>
    namedPackages(config, interpreter, targetNamed(config, target), keys, throughMuvm).packages
  );
  if (names.length === 0) return undefined;
  return `Looked for: ${names.join(", ")}. If the lists are old, run “${refresh}” as root.`;
}

/** Why nothing can be offered, with the interpreter's hint, else `next`. */
export function nothingToOffer(
  { decision, effective: { config } }: Pick<Decided, "decision" | "effective">,
  found: FoundManager | undefined,
  what: string,
  next: string | undefined,
): Failure {
  const { program, failure } = decision;
  const lacking = lackingOf(decision);
  const loader = program?.loader;
  const alone = lacking.length > 0 && lacking.every((each) => each.loader);
  const missing = alone && loader !== undefined
    ? `it needs the ${program?.name} C library (${decoder.decode(loader)})`
    : failure?.why ?? "something is missing";
  const why = lacking.length === 0
    ? missing
    : found === undefined
    ? `${missing}, and no supported package manager was found`
    : `${missing}, and ${found.manager.name} has no packages for that`;
  const told = lacking.map(({ need }) => config.interpreters.get(need.interpreter)?.hint)
    .find((hint) => hint !== undefined);
  const hint = told ?? (lacking.length === 0 ? next : oldLists(lacking, config, found) ?? EXPLAIN);
  return { code: "not-installed", what, why, ...(hint === undefined ? {} : { hint }) };
}
