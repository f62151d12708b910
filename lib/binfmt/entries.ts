import type { Config } from "../config/config.ts";
import type { Machine } from "../elf/machines.ts";
import { partnerOf } from "../routes/targets.ts";
import type { Entry } from "./line.ts";

const PREFIX = "binfmt-dispatcher-";

/** A machine's entries, one for each magic. */
export function machineEntries(machine: Machine): Entry[] {
  return machine.magics.map(({ entry, magic, mask }) => ({
    name: PREFIX + entry,
    telling: { magic, mask, offset: 0 },
  }));
}

/**
 * A format's entry; undefined if there is no such format. A .NET program has the entry of Windows
 * programs, since the kernel cannot tell them apart.
 */
export function formatEntry(id: string, config: Config): Entry | undefined {
  const format = config.formats.get(id);
  if (format === undefined) return undefined;
  const { magic, mask, offset, extension } = format;
  if (extension !== undefined) return { name: PREFIX + id, telling: { extension } };
  if (magic === undefined || mask === undefined) return undefined;
  return { name: PREFIX + (partnerOf(config, id) ?? id), telling: { magic, mask, offset } };
}
