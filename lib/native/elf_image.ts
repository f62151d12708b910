/**
 * A static executable. In the file: ELF header, program headers, build-id note, .text, .rodata (one
 * read-only, executable segment), then tables for debuggers; .bss takes memory alone.
 *
 * Sources: the System V gABI, chapters 4 and 5
 * (https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html), and the Linux Standard Base on
 * PT_GNU_STACK. The build-id note is what ld --build-id writes.
 */
import { createHash } from "node:crypto";
import { Code } from "./code.ts";
import { littleEndian } from "./little_endian.ts";

/** Linux's page size is 4, 16 or 64 KiB: a segment starts at a multiple of the largest. */
const PAGE = 0x1_0000;
const BASE = 0x40_0000;
/** Addresses are loaded as 32-bit numbers. */
const LIMIT = 0x1_0000_0000;

const EHDR_SIZE = 64, PHDR_SIZE = 56, SHDR_SIZE = 64, SYM_SIZE = 24;
const ELFCLASS64 = 2, ELFDATA2LSB = 1, EV_CURRENT = 1, ET_EXEC = 2;
const PT_LOAD = 1, PT_NOTE = 4, PT_GNU_STACK = 0x6474_e551;
const PF_X = 1, PF_W = 2, PF_R = 4;
const SHT_PROGBITS = 1, SHT_SYMTAB = 2, SHT_STRTAB = 3, SHT_NOTE = 7, SHT_NOBITS = 8;
const SHF_WRITE = 1, SHF_ALLOC = 2, SHF_EXECINSTR = 4;
const NT_GNU_BUILD_ID = 3;
const STB_LOCAL = 0, STB_GLOBAL = 1, STT_OBJECT = 1, STT_FUNC = 2;

const SEGMENTS = 4;
const NOTE_OFFSET = EHDR_SIZE + SEGMENTS * PHDR_SIZE;
const BUILD_ID_SIZE = 20;
const BUILD_ID_OFFSET = NOTE_OFFSET + 16; // behind namesz, descsz, type and "GNU\0"
const NOTE_SIZE = 16 + BUILD_ID_SIZE;
const TEXT_OFFSET = roundUp(NOTE_OFFSET + NOTE_SIZE, 16);

/** Where everything stands in memory. */
export interface Layout {
  readonly text: number;
  readonly rodata: number;
  readonly bss: number;
}

export interface Symbol {
  readonly name: string;
  readonly section: ".text" | ".bss";
  readonly address: number;
  /** Bytes. */
  readonly size: number;
  readonly global?: boolean;
}

export interface ImageParts {
  readonly e_machine: number;
  readonly text: Uint8Array;
  readonly rodata: Uint8Array;
  /** Bytes. */
  readonly bssSize: number;
  /** Address of the first instruction. */
  readonly entry: number;
  /** For debuggers; none: no symbol table. */
  readonly symbols: readonly Symbol[];
}

/** Throws a RangeError where the whole would not fit below 4 GiB. */
export function elfLayout(textSize: number, rodataSize: number, bssSize: number): Layout {
  const text = BASE + TEXT_OFFSET;
  const rodata = roundUp(text + textSize, 16);
  const bss = roundUp(rodata + rodataSize, PAGE);
  if (bss + bssSize <= LIMIT) return { text, rodata, bss };
  throw new RangeError(`Cannot lay out ${bssSize} bytes of buffers: the image ends beyond 4 GiB`);
}

/** The file's bytes: the same for the same parts. */
export function elfImage(parts: ImageParts): Uint8Array<ArrayBuffer> {
  const layout = elfLayout(parts.text.length, parts.rodata.length, parts.bssSize);
  const rodataEnd = layout.rodata + parts.rodata.length - BASE; // an offset in the file, too
  const tables = debuggerTables(parts, layout, rodataEnd);
  const file = new Uint8Array(tables.start + tables.bytes.length);
  file.set(header(parts, tables));
  file.set(programHeaders(rodataEnd, layout.bss, parts.bssSize), EHDR_SIZE);
  const note = [...words(4, BUILD_ID_SIZE, NT_GNU_BUILD_ID), ...ascii("GNU\0")];
  file.set(note, NOTE_OFFSET);
  file.set(parts.text, layout.text - BASE);
  file.set(parts.rodata, layout.rodata - BASE);
  file.set(tables.bytes, tables.start);
  const digest = createHash("sha256").update(file).digest(); // over zeros in its own place
  file.set(digest.subarray(0, BUILD_ID_SIZE), BUILD_ID_OFFSET);
  return file;
}

/** Elf64_Ehdr */
function header(parts: ImageParts, tables: Tables): number[] {
  return [
    ...[0x7f, ...ascii("ELF"), ELFCLASS64, ELFDATA2LSB, EV_CURRENT, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ...halves(ET_EXEC, parts.e_machine),
    ...words(EV_CURRENT),
    ...longs(parts.entry, EHDR_SIZE, tables.sectionHeaders),
    ...words(0), // e_flags
    ...halves(EHDR_SIZE, PHDR_SIZE, SEGMENTS, SHDR_SIZE, tables.sections, tables.sections - 1),
  ];
}

/** Elf64_Phdr each */
function programHeaders(readOnlySize: number, bss: number, bssSize: number): number[] {
  const segment = (type: number, flags: number, offset: number, at: number, sizes: number[]) => [
    ...words(type, flags),
    ...longs(offset, at, at, ...sizes),
    ...longs(type === PT_LOAD ? PAGE : type === PT_NOTE ? 4 : 16),
  ];
  return [
    ...segment(PT_LOAD, PF_R | PF_X, 0, BASE, [readOnlySize, readOnlySize]),
    ...segment(PT_LOAD, PF_R | PF_W, 0, bss, [0, bssSize]),
    ...segment(PT_NOTE, PF_R, NOTE_OFFSET, BASE + NOTE_OFFSET, [NOTE_SIZE, NOTE_SIZE]),
    ...segment(PT_GNU_STACK, PF_R | PF_W, 0, 0, [0, 0]),
  ];
}

/** What only debuggers, strip and readelf look at: symbols, strings, section headers. */
interface Tables {
  /** Offset in the file. */
  readonly start: number;
  readonly bytes: Uint8Array;
  /** Offset in the file. */
  readonly sectionHeaders: number;
  readonly sections: number;
}

const SECTION_INDEX = { ".text": 2, ".bss": 4 };

function debuggerTables(parts: ImageParts, layout: Layout, end: number): Tables {
  const start = roundUp(end, 8);
  const code = new Code();
  const names = new Strings();
  const headers: number[][] = [words(...new Array<number>(16).fill(0))]; // index 0 is reserved
  /** Elf64_Shdr */
  const section = (name: string, type: number, flags: number, place: number[], rest: number[]) =>
    headers.push([...words(names.add(name), type), ...longs(flags, ...place), ...rest]);
  const inMemory = (address: number, size: number) => [address, address - BASE, size];
  const plain = (align: number, entrySize = 0) => [...words(0, 0), ...longs(align, entrySize)];
  const added = (bytes: Iterable<number>) => {
    code.align(8);
    const offset = code.size;
    code.emit(bytes);
    return [0, start + offset, code.size - offset];
  };

  const note = inMemory(BASE + NOTE_OFFSET, NOTE_SIZE);
  const text = inMemory(layout.text, parts.text.length);
  const rodata = inMemory(layout.rodata, parts.rodata.length);
  section(".note.gnu.build-id", SHT_NOTE, SHF_ALLOC, note, plain(4));
  section(".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, text, plain(16));
  section(".rodata", SHT_PROGBITS, SHF_ALLOC, rodata, plain(16));
  section(".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, [layout.bss, end, parts.bssSize], plain(16));
  if (parts.symbols.length > 0) {
    const { bytes, strings, firstGlobal } = symbolTable(parts.symbols);
    const link = [...words(headers.length + 1, firstGlobal), ...longs(8, SYM_SIZE)];
    section(".symtab", SHT_SYMTAB, 0, added(bytes), link);
    section(".strtab", SHT_STRTAB, 0, added(strings), plain(1));
  }
  const name = names.add(".shstrtab");
  const place = added(names.bytes);
  headers.push([...words(name, SHT_STRTAB), ...longs(0, ...place), ...plain(1)]);
  code.align(8);
  const sectionHeaders = start + code.size;
  for (const header of headers) code.emit(header);
  return { start, bytes: code.finish(0), sectionHeaders, sections: headers.length };
}

/** Elf64_Sym each, local ones first, as the gABI asks. */
function symbolTable(symbols: readonly Symbol[]) {
  const strings = new Strings();
  const sorted = [...symbols.filter((s) => !s.global), ...symbols.filter((s) => s.global)];
  const bytes: number[] = new Array<number>(SYM_SIZE).fill(0); // index 0 is reserved
  for (const { name, section, address, size, global } of sorted) {
    const binding = global ? STB_GLOBAL : STB_LOCAL;
    const type = section === ".text" ? STT_FUNC : STT_OBJECT;
    bytes.push(...words(strings.add(name)), binding << 4 | type, 0);
    bytes.push(...halves(SECTION_INDEX[section]), ...longs(address, size));
  }
  const firstGlobal = 1 + symbols.filter((s) => !s.global).length;
  return { bytes, strings: strings.bytes, firstGlobal };
}

/** A string table: the empty string first. */
class Strings {
  readonly bytes: number[] = [0];

  /** Returns the string's offset. */
  add(text: string): number {
    const at = this.bytes.length;
    this.bytes.push(...ascii(text), 0);
    return at;
  }
}

function roundUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

function halves(...values: number[]): number[] {
  return littleEndian(2, ...values);
}

function words(...values: number[]): number[] {
  return littleEndian(4, ...values);
}

function longs(...values: number[]): number[] {
  return littleEndian(8, ...values);
}
