import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/config.ts";
import type { Environment } from "../environment.ts";
import { decideStart } from "../start/decide_start.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { askManager } from "../install/ask_manager.ts";
import { findManager } from "../install/managers/find_manager.ts";
import { installPackages } from "../install/install_packages.ts";
import { interruption } from "../install/interruption.ts";
import { type Lacking, lackingOf } from "../install/lacking.ts";
import { type Need, parseNeed } from "../install/need.ts";
import { type Offer, offerFor } from "../install/offer.ts";
import { sampleFacts } from "../install/subject.ts";
import type { Outcome } from "./answer.ts";

/**
 * `privileged-install ID@MACHINE`, which pkexec starts as root. It takes one argument and reads
 * only the system configuration, so the caller chooses the interpreter, but not the packages.
 */
export async function privilegedInstall(text: string, environment: Environment): Outcome {
  if (environment.uid() !== 0) {
    const what = `install “${text}”`;
    const hint = "Use “binfmt-dispatcher install”, which authenticates through polkit.";
    return failed({ code: "refused", what, why: "only root may install packages", hint });
  }
  const offer = await offerOf(text, environment);
  if (!offer.ok) return offer;
  const { packages, found } = offer.value;
  // The package manager handles the terminal's signals; this process reads its output.
  interruption();
  const { result } = await installPackages(packages, found, "kept and shown");
  return result.ok ? success({}) : result;
}

async function offerOf(text: string, environment: Environment): Promise<Result<Offer>> {
  const refuse = (code: Failure["code"], why: string) =>
    failed({ code, what: `install “${text}”`, why });
  const { config } = loadConfig(environment, { user: false });
  const need = parseNeed(text);
  if (need === undefined || !config.interpreters.has(need.interpreter)) {
    return refuse("refused", "the system configuration has no such interpreter");
  }
  const lacking = lackingFor(need, config, environment);
  if (!lacking.ok) return lacking;
  const found = findManager(environment);
  if (found === undefined) return refuse("not-installed", "no supported package manager was found");
  const offer = await offerFor(lacking.value, config, found, askManager(environment));
  if (offer !== undefined) return success(offer);
  return refuse("not-installed", `${found.manager.name} has no packages for it`);
}

/** What is missing for root's programs. */
function lackingFor(need: Need, config: Config, environment: Environment): Result<Lacking> {
  const facts = sampleFacts(config, { target: need.target, id: need.interpreter }, environment);
  const decided = facts === undefined ? undefined : decideStart(facts, environment, false);
  if (decided?.ok === false) return decided;
  if (decided?.value.decision.override?.taken !== true) {
    const why = `it does not support ${need.target} programs`;
    return failed({ code: "refused", what: `install “${need.interpreter}”`, why });
  }
  const { name, use_muvm } = config.interpreters.get(need.interpreter)!;
  const throughMuvm = use_muvm && environment.pageSize() !== config.muvm.page_size;
  const [seen] = lackingOf(decided.value.decision);
  return success({ need, name, throughMuvm, groups: seen?.groups ?? [], loader: false });
}
