import type { Config } from "../../lib/config/config.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { FakeEnvironment } from "../fake_environment.ts";

/** The configuration of this one layer. */
export function configOf(toml: string): Config {
  const environment = new FakeEnvironment({ files: { [ADMIN_LAYER]: toml } });
  return loadConfig(environment, { user: false }).config;
}
