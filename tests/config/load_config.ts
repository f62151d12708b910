/** What several tests ask of a configuration given as text. */
import type { Fault } from "../../lib/config/config.ts";
import { faultLine } from "../../lib/config/fault_line.ts";
import { loadConfig, type Loaded } from "../../lib/config/load.ts";
import { FakeEnvironment } from "../fake_environment.ts";

const PLACES = ["/usr/lib/binfmt-dispatcher.d/a.toml", "/etc/binfmt-dispatcher.toml"] as const;

/** The configuration of a vendor's layer, and of an administrator's if there is a second text. */
export function load(...texts: string[]): Loaded {
  const files = Object.fromEntries(texts.map((text, index) => [PLACES[index]!, text]));
  return loadConfig(new FakeEnvironment({ files }), { user: false });
}

/** Faults as `config check` says them, without their folders. */
export async function faultLines(loaded: Loaded): Promise<string[]> {
  return (await loaded.faults()).map((fault: Fault) => faultLine(fault).replace(/^\/.*\//, ""));
}
