import type { Config } from "../config/config.ts";
import type { Decision } from "../start/decision.ts";
import { targetNamed } from "../routes/targets.ts";
import type { FoundManager } from "./managers/find_manager.ts";
import { type Ask, findPackages, type Package } from "./find_packages.ts";
import { type Lacking, lackingOf } from "./lacking.ts";
import { namedPackages } from "./named_packages.ts";

/** What can be installed so that the program runs. */
export interface Offer {
  readonly lacking: Lacking;
  readonly packages: readonly Package[];
  readonly found: FoundManager;
}

/**
 * An offer for the first interpreter whose missing packages the distribution has. `system` is the
 * system configuration, since only root decides what is installed.
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
 * An offer of all packages for a need, installed or not: the package manager knows which are
 * missing. Undefined if the distribution does not have them.
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
