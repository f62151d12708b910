/** The effective configuration as a list of values, each with where it was set. */
import type { Config, Origin } from "./config.ts";
import { keyName } from "./key_name.ts";
import type { Loaded } from "./load.ts";
import { type Section, TABLES } from "./schema.ts";
import { tablesOf } from "./settings.ts";

export interface EffectiveValue {
  readonly section: Section;
  /** "" in [defaults] and [muvm]. */
  readonly id: string;
  readonly key: string;
  /** As in TOML, with every list written as a list. */
  readonly value: unknown;
  /** Undefined for built-in defaults. */
  readonly origin: Origin | undefined;
}

const SECTIONS: readonly Section[] = [
  "defaults",
  "machines",
  "interpreters",
  "muvm",
  "formats",
  "binaries",
];

type Values = Readonly<Record<string, unknown>>;

/** A table with its defaults, or undefined if it cannot be used. */
function completed(config: Config, section: Section, id: string): object | undefined {
  switch (section) {
    case "defaults":
    case "muvm":
      return config[section];
    case "interpreters":
    case "formats":
      return config[section].get(id);
    case "machines":
    case "binaries":
      return {};
  }
}

/** IDs in display order: rules by precedence, disabled rules last. */
function idsOf({ config, settings }: Loaded, section: Section): string[] {
  if (section === "defaults" || section === "muvm") return [""];
  const ids = [...tablesOf(settings, section).keys()];
  if (section !== "binaries") return ids;
  const inUse = new Set(config.rules.map(({ id }) => id));
  const off = ids.filter((id) => !inUse.has(id));
  return [...inUse, ...off];
}

/** A value as TOML can express it: magics as written, a rule's only path as a list. */
function shown(section: Section, value: unknown, said: unknown): unknown {
  if (said !== undefined && section === "binaries") return [said].flat();
  return value === undefined || value instanceof Uint8Array ? said : value;
}

/** All values in display order; keys without a value are left out. */
export function effectiveValues(loaded: Loaded): EffectiveValue[] {
  const all: EffectiveValue[] = [];
  for (const section of SECTIONS) {
    for (const id of idsOf(loaded, section)) {
      const values = completed(loaded.config, section, id) as Values | undefined;
      if (values === undefined) continue;
      const settings = tablesOf(loaded.settings, section).get(id);
      for (const key of Object.keys(TABLES[section])) {
        const said = settings?.get(key)?.value;
        const value = shown(section, values[key], said);
        if (value === undefined) continue;
        const name = keyName(id === "" ? [section, key] : [section, id, key]);
        const origin = said === undefined ? undefined : loaded.origin(name);
        all.push({ section, id, key, value, origin });
      }
    }
  }
  return all;
}
