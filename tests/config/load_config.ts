/** Configurations of tests, given as text. */
import type { Config } from "../../lib/config/config.ts";
import { diagnosticLine } from "../../lib/config/diagnostic_line.ts";
import { loadConfig, type Loaded } from "../../lib/config/load.ts";
import { FakeEnvironment } from "../fake_environment.ts";

const PLACES = ["/usr/lib/binfmt-dispatcher.d/a.toml", "/etc/binfmt-dispatcher.toml"] as const;

/** Loads a vendor's layer, and an administrator's if there is a second text. */
export function load(...texts: string[]): Loaded {
  const files = Object.fromEntries(texts.map((text, index) => [PLACES[index]!, text]));
  return loadConfig(new FakeEnvironment({ files }), { user: false });
}

/** The configuration of one layer. */
export function configOf(text: string): Config {
  return load(text).config;
}

/** Errors and warnings as `config check` prints them, without their directories. */
export function diagnosticLines(loaded: Loaded): string[] {
  return loaded.diagnostics().map((each) => diagnosticLine(each).replace(/^\/.*\//, ""));
}
