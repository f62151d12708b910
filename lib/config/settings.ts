/** The layers' values merged key by key, each with its layer. */
import type { Value } from "./check_layer.ts";
import type { Section } from "./schema.ts";

export interface Setting {
  readonly value: unknown;
  /** Index of the layer. */
  readonly layer: number;
}

/** Key → value of one table. */
export type Table = ReadonlyMap<string, Setting>;

/** Section → ID ("" in [defaults] and [muvm]) → key → value. */
export type Settings = ReadonlyMap<Section, ReadonlyMap<string, Table>>;

/** Merges; values of later layers replace those of earlier ones, key by key. */
export function mergeValues(layers: readonly (readonly Value[])[]): Settings {
  const settings = new Map<Section, Map<string, Map<string, Setting>>>();
  layers.forEach((values, layer) => {
    for (const { section, id, key, value } of values) {
      const tables = settings.get(section) ?? new Map<string, Map<string, Setting>>();
      const table = tables.get(id) ?? new Map<string, Setting>();
      settings.set(section, tables.set(id, table.set(key, { value, layer })));
    }
  });
  return settings;
}

/** The tables of a section, by ID. */
export function tablesOf(settings: Settings, section: Section): ReadonlyMap<string, Table> {
  return settings.get(section) ?? new Map();
}

/** The highest layer that sets any of a table's keys. */
export function highestLayer(table: Table): number {
  let highest = 0;
  for (const { layer } of table.values()) highest = Math.max(highest, layer);
  return highest;
}
