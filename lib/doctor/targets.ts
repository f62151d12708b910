/** The machine or format of each entry of binfmt-dispatcher. */
import { formatEntry, machineEntries } from "../binfmt/entries.ts";
import type { Config } from "../config/config.ts";
import { MACHINES } from "../elf/machines.ts";
import { sampleOf } from "../start/sample.ts";

export interface Target {
  readonly name: string;
  readonly isMachine: boolean;
  /** A path and the first bytes that the entry matches. */
  readonly path: string;
  readonly head: Uint8Array;
}

/** Undefined for an unknown entry. */
export function targetOf(entry: string, config: Config): Target | undefined {
  for (const machine of MACHINES) {
    const index = machineEntries(machine).findIndex(({ name }) => name === entry);
    if (index < 0) continue;
    const { magic } = machine.magics[index]!;
    return { name: machine.name, isMachine: true, path: "/program", head: magic };
  }
  const id = [...config.formats.keys()].find((id) =>
    formatEntry(id, config)?.name === entry && sampleOf(config, id) !== undefined
  );
  const sample = id === undefined ? undefined : sampleOf(config, id);
  if (id === undefined || sample === undefined) return undefined;
  return { name: id, isMachine: false, path: sample.path, head: sample.bytes };
}
