import type { Format } from "../config/config.ts";
import { type Machine } from "../elf/machines.ts";
import type { Entry } from "./line.ts";

const PREFIX = "binfmt-dispatcher-";

/** A machine's entries: one for each of its magics. */
export function machineEntries(machine: Machine): Entry[] {
  return machine.magics.map(({ entry, magic, mask }) => ({
    name: PREFIX + entry,
    telling: { magic, mask, offset: 0 },
  }));
}

/**
 * A format's entry. Formats that the kernel cannot tell apart (Windows' and .NET's programs) share
 * that of the one that needs no closer look. Undefined where it has neither magic nor extension.
 */
export function formatEntry(id: string, formats: ReadonlyMap<string, Format>): Entry | undefined {
  const format = formats.get(id);
  if (format === undefined) return undefined;
  const { magic, mask, offset, extension } = format;
  if (extension !== undefined) return { name: PREFIX + id, telling: { extension } };
  if (magic === undefined) return undefined;
  const twin = [...formats].find(([, other]) =>
    !other.clr && other.extension === undefined && other.offset === offset &&
    hex(other.magic) === hex(magic) && hex(other.mask) === hex(mask)
  );
  const full = mask ?? new Uint8Array(magic.length).fill(0xff);
  return { name: PREFIX + (twin?.[0] ?? id), telling: { magic, mask: full, offset } };
}

function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes?.toHex();
}
