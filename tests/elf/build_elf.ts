/** Small ELF files for tests: header, program headers and a PT_INTERP string, where tests want. */
import { type Machine, MACHINES } from "../../lib/elf/machines.ts";

export interface Shape {
  readonly machine: string;
  readonly e_flags?: number;
  readonly interp?: Uint8Array | string;
  /** Where the program headers stand; behind the header if it is not said. */
  readonly phoff?: number;
  /** PT_NULL headers before the PT_INTERP. */
  readonly before?: number;
  /** Where the string stands; behind the program headers if it is not said. */
  readonly interpAt?: number;
  /** p_filesz; the string's length if it is not said. */
  readonly filesz?: number;
}

export function machine(name: string): Machine {
  const found = MACHINES.find((machine) => machine.name === name);
  if (found === undefined) throw new Error(`no machine ${name}`);
  return found;
}

export function buildElf(shape: Shape): Uint8Array {
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
  bytes.set(magics[0]!.magic);
  address(wide ? 32 : 28, n === 0 ? 0 : phoff);
  view.setUint32(wide ? 48 : 36, shape.e_flags ?? 0, little);
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

/** A reader over bytes that counts what it gave out. */
export function reader(bytes: Uint8Array) {
  const read = (offset: number, limit: number) => {
    const part = bytes.subarray(Math.min(offset, bytes.length), offset + limit);
    read.total += part.length;
    return part;
  };
  read.total = 0;
  return read;
}
