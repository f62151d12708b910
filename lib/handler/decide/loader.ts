/** Reads PT_INTERP, the loader of a program; see elf(5). */
import {
  EHDR,
  ELF32,
  ELF64,
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFDATA2MSB,
  PT_INTERP,
} from "../../elf/constants.ts";
import { INTERP_LIMIT, PHDR_LIMIT } from "../../elf/header.ts";
import { indexOf, NONE } from "../bytes.ts";
import { cannotRun, end, say, sayNext } from "../message.ts";
import { at, copy, part } from "../outside.ts";
import * as program from "./program.ts";

const path = new Uint8Array(INTERP_LIMIT);
/** The program's byte order, and whether its words have 64 bits. */
let isBigEndian = false;
let isWide = false;

/** PT_INTERP; empty in a static program. A damaged header ends the handler. */
export function findLoader(): Uint8Array {
  const head = program.head;
  if (head.length < ELF32.ehdr) damaged();
  const elf_class = at(head, EHDR.EI_CLASS);
  const data = at(head, EHDR.EI_DATA);
  if (data !== ELFDATA2LSB && data !== ELFDATA2MSB) damaged();
  if (elf_class !== ELFCLASS32 && elf_class !== ELFCLASS64) damaged();
  isBigEndian = data === ELFDATA2MSB;
  isWide = elf_class === ELFCLASS64;
  if (isWide && head.length < ELF64.ehdr) damaged();

  const e_phoff = isWide ? field(head, ELF64.e_phoff, 8) : field(head, ELF32.e_phoff, 4);
  const e_phentsize = field(head, isWide ? ELF64.e_phentsize : ELF32.e_phentsize, 2);
  const e_phnum = field(head, isWide ? ELF64.e_phnum : ELF32.e_phnum, 2);
  const size = isWide ? ELF64.phdr : ELF32.phdr;
  if (e_phnum === 0) return NONE;
  if (e_phentsize !== size) damaged();
  const n = e_phnum < PHDR_LIMIT ? e_phnum : PHDR_LIMIT;
  const headers = program.bytes(e_phoff, n * size) ?? damaged();
  for (let i = 0; i < n; i++) {
    const phdr = part(headers, i * size, (i + 1) * size);
    if (field(phdr, 0, 4) !== PT_INTERP) continue;
    return isWide
      ? stringAt(field(phdr, ELF64.p_offset, 8), field(phdr, ELF64.p_filesz, 8))
      : stringAt(field(phdr, ELF32.p_offset, 4), field(phdr, ELF32.p_filesz, 4));
  }
  return NONE;
}

/** The string at an offset of the file, up to its zero byte. */
function stringAt(offset: number, size: number): Uint8Array {
  if (size > INTERP_LIMIT) damaged();
  const found = program.bytes(offset, size) ?? damaged();
  const length = indexOf(found, 0);
  if (length === 0 || length === found.length) damaged();
  copy(path, 0, part(found, 0, length));
  return part(path, 0, length);
}

/** A number in the program's byte order. No file has offsets of 2⁴⁸ or more. */
function field(bytes: Uint8Array, index: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) {
    if (value >= 2 ** 40) damaged();
    value = value * 256 + at(bytes, index + (isBigEndian ? i : size - 1 - i));
  }
  return value;
}

function damaged(): never {
  cannotRun();
  say("corrupt ELF header");
  sayNext();
  say("The file is damaged: get the program again.");
  end(126);
}
