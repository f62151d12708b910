import type { Config } from "../config/config.ts";
import { MACHINES } from "../elf/machines.ts";

/** A program that there is not: what it would be called, and what would stand in it. */
export interface Sample {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const SIZE = 64;

/**
 * The least program of a machine, static and without segments, or file of a format. Undefined for
 * what is neither, and for a format that is told by a CLR header.
 */
export function sampleOf(config: Config, row: string): Sample | undefined {
  const bytes = new Uint8Array(SIZE);
  const machine = MACHINES.find(({ name }) => name === row);
  if (machine !== undefined) {
    bytes.set(machine.magics[0]!.magic);
    return { path: "/program", bytes };
  }
  const format = config.formats.get(row);
  if (format === undefined || format.clr) return undefined;
  if (format.extension !== undefined) return { path: `/program.${format.extension}`, bytes };
  const { magic = new Uint8Array(), offset } = format;
  const whole = new Uint8Array(offset + magic.length);
  whole.set(magic, offset);
  return { path: "/program", bytes: whole };
}
