import type { Config } from "../config/config.ts";
import { EHDR, ELF32, ELF64, ELFCLASS64, ELFDATA2LSB, PT_INTERP } from "../elf/constants.ts";
import { MACHINES } from "../elf/machines.ts";

/** A program that does not exist: its path and content. */
export interface Sample {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The smallest program of a machine, static or with a loader, or file of a format. Undefined for an
 * unknown target, and for .NET, which needs a CLR header.
 */
export function sampleOf(config: Config, target: string, loader?: string): Sample | undefined {
  const machine = MACHINES.find(({ name }) => name === target);
  if (machine !== undefined) {
    return { path: "/program", bytes: elf(machine.magics[0]!.magic, loader) };
  }
  const format = config.formats.get(target);
  if (format === undefined || format.clr) return undefined;
  if (format.extension !== undefined) {
    return { path: `/program.${format.extension}`, bytes: new Uint8Array(1) };
  }
  const { magic = new Uint8Array(), offset } = format;
  const whole = new Uint8Array(offset + magic.length);
  whole.set(magic, offset);
  return { path: "/program", bytes: whole };
}

function elf(magic: Uint8Array, loader: string | undefined): Uint8Array {
  const wide = magic[EHDR.EI_CLASS] === ELFCLASS64;
  const layout = wide ? ELF64 : ELF32;
  const path = new TextEncoder().encode(loader === undefined ? "" : `${loader}\0`);
  const start = layout.ehdr + layout.phdr;
  const bytes = new Uint8Array(start + path.length);
  bytes.set(magic);
  bytes.set(path, start);
  if (loader === undefined) return bytes;
  const view = new DataView(bytes.buffer);
  const little = magic[EHDR.EI_DATA] === ELFDATA2LSB;
  const half = (at: number, value: number) => view.setUint16(at, value, little);
  const word = (at: number, value: number) =>
    wide ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little);
  word(layout.e_phoff, layout.ehdr);
  half(layout.e_phentsize, layout.phdr);
  half(layout.e_phnum, 1);
  view.setUint32(layout.ehdr, PT_INTERP, little);
  word(layout.ehdr + layout.p_offset, start);
  word(layout.ehdr + layout.p_filesz, path.length);
  return bytes;
}
