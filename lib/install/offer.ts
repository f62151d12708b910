import type { Config } from "../config/config.ts";
import type { Decision } from "../start/decision.ts";
import { targetNamed } from "../routes/targets.ts";
import type { FoundManager } from "./managers/find_manager.ts";
import { type Ask, findPackages, type Package } from "./find_packages.ts";
import { type Lacking, lackingOf } from "./lacking.ts";
import { namedPackages } from "./named_packages.ts";

/** What can be installed here so that something runs. */
export interface Offer {
  readonly lacking: Lacking;
  readonly packages: readonly Package[];
  readonly found: FoundManager;
}

/**
 * An offer for the first interpreter that lacks something and whose packages this distribution
 * really has. `system` is root's configuration: only root decides what is installed.
 */
export async function findOffer(
  decision: Decision,
  system: Config,
  found: FoundManager | undefined,
  ask: Ask,
): Promise<Offer | undefined> {
  if (found === undefined) return undefined;
  for (const lacking of lackingOf(decision)) {
    if (!system.interpreters.has(lacking.need.interpreter)) continue;
    const offer = await offerFor(lacking, system, found, ask);
    if (offer !== undefined) return offer;
  }
  return undefined;
}

/**
 * All packages that the configuration names for a need, installed or not: the package manager knows
 * which are missing. Undefined if there are no such packages.
 */
export async function offerFor(
  lacking: Lacking,
  system: Config,
  found: FoundManager,
  ask: Ask,
): Promise<Offer | undefined> {
  const { need: { interpreter, target: name, library }, throughMuvm } = lacking;
  const target = targetNamed(system, name);
  const { keys } = found.manager;
  const named = namedPackages(system, interpreter, target, keys, throughMuvm, library);
  const packages = await findPackages(lacking, named, found, ask);
  return packages === undefined ? undefined : { lacking, packages, found };
}
