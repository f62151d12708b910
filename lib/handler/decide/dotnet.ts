/**
 * Tells .NET programs from other Windows programs by the CLR header (data directory 14).
 * https://learn.microsoft.com/en-us/windows/win32/debug/pe-format
 */
import { u16, u32 } from "../outside.ts";
import * as program from "./program.ts";

const E_LFANEW = 0x3c;
/** "PE\0\0" */
const SIGNATURE = 0x4550;
/** The offset of the optional header, after the signature and the COFF header. */
const OPTIONAL = 24;
const PE32 = { magic: 0x10b, n_directories: 92, directories: 96 } as const;
const PE32_PLUS = { magic: 0x20b, n_directories: 108, directories: 112 } as const;
const CLR = 14;
const DIRECTORY = 8;

export function isDotnet(): boolean {
  if (program.head.length < E_LFANEW + 4) return false;
  const pe = u32(program.head, E_LFANEW);
  const start = program.bytes(pe, OPTIONAL + 2);
  if (start === undefined || u32(start, 0) !== SIGNATURE) return false;
  const magic = u16(start, OPTIONAL);
  if (magic === PE32.magic) return hasClr(pe + OPTIONAL, PE32.n_directories, PE32.directories);
  if (magic !== PE32_PLUS.magic) return false;
  return hasClr(pe + OPTIONAL, PE32_PLUS.n_directories, PE32_PLUS.directories);
}

function hasClr(optional: number, n_directories: number, directories: number): boolean {
  const clr = directories + DIRECTORY * CLR;
  const fields = program.bytes(optional, clr + 4);
  if (fields === undefined) return false;
  return u32(fields, n_directories) > CLR && u32(fields, clr) !== 0;
}
