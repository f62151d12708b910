/**
 * Writes a static executable: ELF header, program headers, build-id note, .options, .text and
 * .rodata in one read-only, executable segment, then tables for debuggers. .bss has no bytes in the
 * file. Options are filled in after the code is linked. So they precede it, and their size moves
 * the start of the segment. .bss closely follows the code, which saves a page table at each start.
 *
 * Sources: the System V gABI, chapters 4 and 5
 * (https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html), and the Linux Standard Base on
 * PT_GNU_STACK. The build-id note is what ld --build-id writes.
 */
import { createHash } from "node:crypto";
import { ELF64, ELFCLASS64, ELFDATA2LSB, ET } from "../elf/constants.ts";
import { Code } from "./code.ts";
import type { LinkedCode, Symbol } from "./linked_code.ts";
import { littleEndian } from "./little_endian.ts";

/** Linux's page size is 4, 16 or 64 KiB; segments start at multiples of the largest. */
const PAGE = 0x1_0000;
/** The lowest address of a segment, as in ld. */
const LOWEST = 0x40_0000;
/** Leaves room for 128 MiB of options; headers and a few paths fit in the last 4 KiB. */
const TEXT = LOWEST + 0x800_0000 + 0x1000;
/** Instructions hold addresses as 32-bit numbers, some of them signed. */
const LIMIT = 0x8000_0000;

const EHDR_SIZE = ELF64.ehdr, PHDR_SIZE = ELF64.phdr, SHDR_SIZE = 64, SYM_SIZE = 24;
const EV_CURRENT = 1;
const PT_LOAD = 1, PT_NOTE = 4, PT_GNU_STACK = 0x6474_e551;
const PF_X = 1, PF_W = 2, PF_R = 4;
const SHT_PROGBITS = 1, SHT_SYMTAB = 2, SHT_STRTAB = 3, SHT_NOTE = 7, SHT_NOBITS = 8;
const SHF_WRITE = 1, SHF_ALLOC = 2, SHF_EXECINSTR = 4;
const NT_GNU_BUILD_ID = 3;
const STB_LOCAL = 0, STB_GLOBAL = 1, STT_OBJECT = 1, STT_FUNC = 2;

const SEGMENTS = 4;
const NOTE_OFFSET = EHDR_SIZE + SEGMENTS * PHDR_SIZE;
const BUILD_ID_SIZE = 20;
const BUILD_ID_OFFSET = NOTE_OFFSET + 16; // after namesz, descsz, type and "GNU\0"
const NOTE_SIZE = 16 + BUILD_ID_SIZE;
const HEADERS_SIZE = NOTE_OFFSET + NOTE_SIZE;

/** An entry of the table of options: address and length, 64 bits each. */
const OPTION_ENTRY_SIZE = 16;
export const MAX_OPTIONS = 256;

/** Addresses of the parts. */
export interface Layout {
  /** Where a table of MAX_OPTIONS options would begin: see optionOffset(). */
  readonly options: number;
  readonly text: number;
  readonly rodata: number;
  readonly bss: number;
}

/** Throws a RangeError if the parts do not fit. */
export function elfLayout(textSize: number, rodataSize: number, bssSize: number): Layout {
  const rodata = roundUp(TEXT + textSize, 16);
  const bss = roundUp(rodata + rodataSize, PAGE);
  checkEnd("code, constants and buffers", bss + bssSize, LIMIT);
  return { options: TEXT - MAX_OPTIONS * OPTION_ENTRY_SIZE, text: TEXT, rodata, bss };
}

/** The offset of an option's entry. The table grows down from .text: the first option is last. */
export function optionOffset(index: number): number {
  return (MAX_OPTIONS - 1 - index) * OPTION_ENTRY_SIZE;
}

function checkEnd(what: string, end: number, limit: number): void {
  if (end <= limit) return;
  throw new RangeError(`Cannot lay out the ${what}: they end ${end - limit} bytes too far`);
}

/**
 * The ELF file; the same code and options give the same bytes. The code finds options by their
 * index: Program.readOption().
 */
export function imageOf(
  code: LinkedCode,
  options: readonly Uint8Array[] = [],
): Uint8Array<ArrayBuffer> {
  if (options.length < code.options) {
    const counts = `the code reads ${code.options}, given are ${options.length}`;
    throw new RangeError(`Cannot make an image with too few options: ${counts}`);
  }
  const layout = elfLayout(code.text.length, code.rodata.length, code.bssSize);
  const { bytes, address } = optionsOf(options, layout);
  const base = roundDown(address - HEADERS_SIZE, PAGE);
  if (base < LOWEST) {
    throw new RangeError(`Cannot lay out the options: they begin ${LOWEST - base} bytes too early`);
  }
  const place = { ...layout, base, options: address };
  const readOnlySize = layout.rodata + code.rodata.length - base; // the same offset in the file
  const tables = debuggerTables(code, place, readOnlySize);
  const file = new Uint8Array(tables.start + tables.bytes.length);
  file.set(header(code, tables));
  file.set(programHeaders(base, readOnlySize, layout.bss, code.bssSize), EHDR_SIZE);
  const note = [...words(4, BUILD_ID_SIZE, NT_GNU_BUILD_ID), ...ascii("GNU\0")];
  file.set(note, NOTE_OFFSET);
  file.set(bytes, address - base);
  file.set(code.text, layout.text - base);
  file.set(code.rodata, layout.rodata - base);
  file.set(tables.bytes, tables.start);
  const digest = createHash("sha256").update(file).digest(); // with zeros in its place
  file.set(digest.subarray(0, BUILD_ID_SIZE), BUILD_ID_OFFSET);
  return file;
}

/** The options' bytes, followed by the table, and their address. */
function optionsOf(options: readonly Uint8Array[], layout: Layout) {
  const table = options.length * OPTION_ENTRY_SIZE;
  const size = options.reduce((sum, { length }) => sum + length, 0);
  const address = layout.text - table - size;
  const bytes = new Uint8Array(size + table);
  let at = 0;
  options.forEach((option, index) => {
    bytes.set(option, at);
    const entry = layout.options + optionOffset(index) - address;
    bytes.set(longs(address + at, option.length), entry);
    at += option.length;
  });
  return { bytes, address };
}

/** Elf64_Ehdr */
function header(code: LinkedCode, tables: Tables): number[] {
  return [
    ...[0x7f, ...ascii("ELF"), ELFCLASS64, ELFDATA2LSB, EV_CURRENT, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ...halves(ET.EXEC, code.e_machine),
    ...words(EV_CURRENT),
    ...longs(code.entry, EHDR_SIZE, tables.sectionHeaders),
    ...words(0), // e_flags
    ...halves(EHDR_SIZE, PHDR_SIZE, SEGMENTS, SHDR_SIZE, tables.sections, tables.sections - 1),
  ];
}

/** An Elf64_Phdr for each segment */
function programHeaders(
  base: number,
  readOnlySize: number,
  bss: number,
  bssSize: number,
): number[] {
  const segment = (type: number, flags: number, offset: number, at: number, sizes: number[]) => [
    ...words(type, flags),
    ...longs(offset, at, at, ...sizes),
    ...longs(type === PT_LOAD ? PAGE : type === PT_NOTE ? 4 : 16),
  ];
  return [
    ...segment(PT_LOAD, PF_R | PF_X, 0, base, [readOnlySize, readOnlySize]),
    ...segment(PT_LOAD, PF_R | PF_W, 0, bss, [0, bssSize]),
    ...segment(PT_NOTE, PF_R, NOTE_OFFSET, base + NOTE_OFFSET, [NOTE_SIZE, NOTE_SIZE]),
    ...segment(PT_GNU_STACK, PF_R | PF_W, 0, 0, [0, 0]),
  ];
}

/** Symbols, strings and section headers, for debuggers, strip and readelf. */
interface Tables {
  /** Offset in the file. */
  readonly start: number;
  readonly bytes: Uint8Array;
  /** Offset in the file. */
  readonly sectionHeaders: number;
  readonly sections: number;
}

const SECTION_INDEX = { ".text": 3, ".bss": 5 };

function debuggerTables(
  linked: LinkedCode,
  layout: Layout & { readonly base: number },
  end: number,
): Tables {
  const start = roundUp(end, 8);
  const code = new Code();
  const names = new Strings();
  const headers: number[][] = [words(...new Array<number>(16).fill(0))]; // index 0 is reserved
  /** Elf64_Shdr */
  const section = (name: string, type: number, flags: number, place: number[], rest: number[]) =>
    headers.push([...words(names.add(name), type), ...longs(flags, ...place), ...rest]);
  const inMemory = (address: number, size: number) => [address, address - layout.base, size];
  const plain = (align: number, entrySize = 0) => [...words(0, 0), ...longs(align, entrySize)];
  const added = (bytes: Iterable<number>) => {
    code.align(8);
    const offset = code.size;
    code.emit(bytes);
    return [0, start + offset, code.size - offset];
  };

  const note = inMemory(layout.base + NOTE_OFFSET, NOTE_SIZE);
  const options = inMemory(layout.options, layout.text - layout.options);
  const text = inMemory(layout.text, linked.text.length);
  const rodata = inMemory(layout.rodata, linked.rodata.length);
  section(".note.gnu.build-id", SHT_NOTE, SHF_ALLOC, note, plain(4));
  section(".options", SHT_PROGBITS, SHF_ALLOC, options, plain(1));
  section(".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, text, plain(16));
  section(".rodata", SHT_PROGBITS, SHF_ALLOC, rodata, plain(16));
  section(".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, [layout.bss, end, linked.bssSize], plain(16));
  if (linked.symbols.length > 0) {
    const { bytes, strings, firstGlobal } = symbolTable(linked.symbols);
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

/** An Elf64_Sym for each symbol, local ones first, as the gABI requires. */
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

/** A string table, which begins with the empty string. */
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

function roundDown(value: number, alignment: number): number {
  return Math.floor(value / alignment) * alignment;
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
