/** Small ELF files for tests: header, program headers and a PT_INTERP string, at any offsets. */
import { type Machine, MACHINES } from "../../lib/elf/machines.ts";

export interface Shape {
  readonly machine: string;
  /** By default as the machine's magic has it. */
  readonly e_flags?: number;
  /** A static program has none. */
  readonly interp?: Uint8Array | string;
  /** The offset of the program headers; by default right after the ELF header. */
  readonly phoff?: number;
  /** PT_NULL headers before the PT_INTERP. */
  readonly before?: number;
  /** The offset of the string; by default right after the program headers. */
  readonly interpAt?: number;
  /** p_filesz; by default the string's length. */
  readonly filesz?: number;
}

export function machine(name: string): Machine {
  const found = MACHINES.find((machine) => machine.name === name);
  if (found === undefined) throw new Error(`no machine ${name}`);
  return found;
}

/** An ELF file with valid headers, unless the shape says otherwise, and nothing else. */
export function buildElf(shape: Shape): Uint8Array<ArrayBuffer> {
  const { class: class_, data, magics } = machine(shape.machine);
  const wide = class_ === 2;
  const [size, phdr] = wide ? [64, 56] : [52, 32];
  const text = shape.interp ?? new Uint8Array();
  const interp = typeof text === "string" ? new TextEncoder().encode(text + "\0") : text;
  const n = shape.interp === undefined ? 0 : (shape.before ?? 0) + 1;
  const phoff = shape.phoff ?? size;
  const at = shape.interpAt ?? phoff + n * phdr;
  const bytes = new Uint8Array(Math.max(size, n === 0 ? 0 : phoff + n * phdr, at + interp.length));
  const view = new DataView(bytes.buffer);
  const little = data === 1;
  const address = (offset: number, value: number) =>
    wide ? view.setBigUint64(offset, BigInt(value), little) : view.setUint32(offset, value, little);
  // The machine's own magic: identification, e_type, e_machine and, for MIPS, e_flags.
  bytes.set(magics[0]!.magic);
  view.setUint32(20, 1, little);
  address(wide ? 32 : 28, n === 0 ? 0 : phoff);
  if (shape.e_flags !== undefined) view.setUint32(wide ? 48 : 36, shape.e_flags, little);
  view.setUint16(wide ? 52 : 40, size, little);
  view.setUint16(wide ? 54 : 42, phdr, little);
  view.setUint16(wide ? 56 : 44, n, little);
  if (n > 0) {
    const last = phoff + (n - 1) * phdr;
    view.setUint32(last, 3, little);
    address(last + (wide ? 8 : 4), at);
    address(last + (wide ? 32 : 16), shape.filesz ?? interp.length);
    bytes.set(interp, at);
  }
  return bytes;
}

/** A reader over bytes that counts how many were read. */
export function reader(bytes: Uint8Array) {
  const read = (offset: number, limit: number) => {
    const part = bytes.subarray(Math.min(offset, bytes.length), offset + limit);
    read.total += part.length;
    return part;
  };
  read.total = 0;
  return read;
}
