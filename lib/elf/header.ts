/** Reads the fields of an ELF file that decide which interpreter runs it. */
import {
  EF_MIPS_ABI2,
  EHDR,
  ELF32,
  ELF64,
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFDATA2MSB,
  EM_MIPS,
  PT_INTERP,
} from "./constants.ts";
import { type Machine, MACHINES } from "./machines.ts";

/** Bytes of a program that are read first. The handler has the same limits. */
export const HEAD_LIMIT = 4096;
/** Program headers that are read; further ones are ignored. */
export const PHDR_LIMIT = 64;
/** Bytes of PT_INTERP, with its NUL. */
export const INTERP_LIMIT = 4096;

export interface ElfHeader {
  /** EI_CLASS: ELFCLASS32 or ELFCLASS64. */
  readonly class: 1 | 2;
  /** EI_DATA: ELFDATA2LSB or ELFDATA2MSB. */
  readonly data: 1 | 2;
  readonly EI_OSABI: number;
  readonly e_type: number;
  readonly e_machine: number;
  readonly e_flags: number;
  /** Undefined if it is not in MACHINES. */
  readonly machine: Machine | undefined;
  /** Dynamic if it has a PT_INTERP. */
  readonly linkage: "static" | "dynamic";
  /** PT_INTERP, the loader's path, without its NUL. */
  readonly interp: Uint8Array | undefined;
  readonly appimage: 1 | 2 | undefined;
}

export type ElfErrorCode =
  | "not-elf"
  | "truncated-header"
  | "bad-class"
  | "bad-data"
  | "bad-phentsize"
  | "truncated-program-headers"
  | "interp-too-long"
  | "interp-truncated"
  | "interp-unterminated"
  | "interp-empty";

export interface ElfError {
  readonly error: ElfErrorCode;
  /** What was found, and what was expected. */
  readonly why: string;
}

/** Reads up to `limit` bytes from `offset`; fewer at the file's end or if it cannot be read. */
export type Read = (offset: number, limit: number) => Uint8Array;

const LAYOUT = { [ELFCLASS32]: ELF32, [ELFCLASS64]: ELF64 } as const;

/** Reads numbers in a file's class and byte order from some of its bytes. */
class Fields {
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #class: 1 | 2;

  constructor(bytes: Uint8Array, class_: 1 | 2, data: 1 | 2) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = data === ELFDATA2LSB;
    this.#class = class_;
  }

  half(at: number): number {
    return this.#view.getUint16(at, this.#little);
  }

  word(at: number): number {
    return this.#view.getUint32(at, this.#little);
  }

  /** A number of the class's size. Above 2⁵³ it is not exact, but no file is that long. */
  wide(at: number): number {
    if (this.#class === ELFCLASS32) return this.word(at);
    return Number(this.#view.getBigUint64(at, this.#little));
  }
}

/**
 * Reads a program's header and its PT_INTERP: HEAD_LIMIT bytes, and at most two more parts that are
 * not among them. https://www.sco.com/developers/gabi/latest/ch4.eheader.html
 */
export function readElf(read: Read): ElfHeader | ElfError {
  const head = read(0, HEAD_LIMIT).subarray(0, HEAD_LIMIT);
  if (head[0] !== 0x7f || head[1] !== 0x45 || head[2] !== 0x4c || head[3] !== 0x46) {
    return { error: "not-elf", why: "it does not begin with “\\x7fELF”" };
  }
  const class_ = head[EHDR.EI_CLASS];
  const data = head[EHDR.EI_DATA];
  if (class_ !== ELFCLASS32 && class_ !== ELFCLASS64) {
    return { error: "bad-class", why: `EI_CLASS is ${class_ ?? "missing"}, expected 1 or 2` };
  }
  if (data !== ELFDATA2LSB && data !== ELFDATA2MSB) {
    return { error: "bad-data", why: `EI_DATA is ${data ?? "missing"}, expected 1 or 2` };
  }
  const layout = LAYOUT[class_];
  if (head.length < layout.ehdr) {
    const why = `the header ends after ${head.length} bytes, expected ${layout.ehdr}`;
    return { error: "truncated-header", why };
  }
  const fields = new Fields(head, class_, data);
  const interp = readInterp(read, head, fields, class_, data);
  if (interp !== undefined && "error" in interp) return interp;
  const e_machine = fields.half(EHDR.e_machine);
  const e_flags = fields.word(layout.e_flags);
  return {
    class: class_,
    data,
    EI_OSABI: head[EHDR.EI_OSABI] ?? 0,
    e_type: fields.half(EHDR.e_type),
    e_machine,
    e_flags,
    machine: machineOf(class_, data, e_machine, e_flags),
    linkage: interp === undefined ? "static" : "dynamic",
    interp,
    appimage: appimageOf(head),
  };
}

/** The string of the first PT_INTERP, if there is one. */
function readInterp(
  read: Read,
  head: Uint8Array,
  header: Fields,
  class_: 1 | 2,
  data: 1 | 2,
): Uint8Array | ElfError | undefined {
  const layout = LAYOUT[class_];
  const n = Math.min(header.half(layout.e_phnum), PHDR_LIMIT);
  if (n === 0) return undefined;
  const e_phentsize = header.half(layout.e_phentsize);
  if (e_phentsize !== layout.phdr) {
    const why = `e_phentsize is ${e_phentsize}, expected ${layout.phdr}`;
    return { error: "bad-phentsize", why };
  }
  const e_phoff = header.wide(layout.e_phoff);
  const table = slice(read, head, e_phoff, n * layout.phdr);
  if (table.length < n * layout.phdr) {
    const why = `${n} program headers at ${e_phoff} extend beyond the end of the file`;
    return { error: "truncated-program-headers", why };
  }
  const phdrs = new Fields(table, class_, data);
  for (let at = 0; at < table.length; at += layout.phdr) {
    if (phdrs.word(at) !== PT_INTERP) continue;
    const p_filesz = phdrs.wide(at + layout.p_filesz);
    return interpAt(read, head, phdrs.wide(at + layout.p_offset), p_filesz);
  }
  return undefined;
}

/** The string of a PT_INTERP up to its first NUL. */
function interpAt(read: Read, head: Uint8Array, p_offset: number, p_filesz: number) {
  if (p_filesz > INTERP_LIMIT) {
    const why = `PT_INTERP has ${p_filesz} bytes, expected at most ${INTERP_LIMIT}`;
    return { error: "interp-too-long", why } as const;
  }
  const bytes = slice(read, head, p_offset, p_filesz);
  if (bytes.length < p_filesz) {
    const why = `PT_INTERP's ${p_filesz} bytes at ${p_offset} extend beyond the end of the file`;
    return { error: "interp-truncated", why } as const;
  }
  const end = bytes.indexOf(0);
  if (end < 0) return { error: "interp-unterminated", why: "PT_INTERP has no NUL" } as const;
  if (end === 0) return { error: "interp-empty", why: "PT_INTERP is empty" } as const;
  return bytes.slice(0, end);
}

/** `size` bytes at `offset`, from the head if it has them all; fewer at the file's end. */
function slice(read: Read, head: Uint8Array, offset: number, size: number): Uint8Array {
  if (offset + size <= head.length) return head.subarray(offset, offset + size);
  return Number.isSafeInteger(offset) ? read(offset, size).subarray(0, size) : new Uint8Array();
}

function machineOf(class_: 1 | 2, data: 1 | 2, e_machine: number, e_flags: number) {
  const found = MACHINES.filter((machine) =>
    machine.class === class_ && machine.data === data && machine.e_machine.includes(e_machine)
  );
  if (class_ === ELFCLASS64 || e_machine !== EM_MIPS) return found[0];
  const n32 = (e_flags & EF_MIPS_ABI2) !== 0;
  return found.find((machine) => machine.name.startsWith("mipsn32") === n32);
}

/** "AI" and the type in bytes 8 to 10. https://github.com/AppImage/AppImageSpec */
function appimageOf(head: Uint8Array): 1 | 2 | undefined {
  const type = head[10];
  return head[8] === 0x41 && head[9] === 0x49 && (type === 1 || type === 2) ? type : undefined;
}
