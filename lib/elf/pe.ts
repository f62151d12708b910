/** Whether a Windows program is a .NET one. */
import type { Read } from "./header.ts";

/** Where things stand; offsets from PE's signature but for e_lfanew. */
const E_LFANEW = 0x3c;
/** Behind the signature and the COFF header. */
const OPTIONAL = 24;
const PE32 = { magic: 0x10b, NumberOfRvaAndSizes: 92, directories: 96 } as const;
const PE32_PLUS = { magic: 0x20b, NumberOfRvaAndSizes: 108, directories: 112 } as const;
/** The data directory that leads to the CLR header. */
const CLR = 14;

/**
 * Has an MZ file a CLR header, so that mono and not wine runs it? A file that is no PE, or ends too
 * early, has none. https://learn.microsoft.com/windows/win32/debug/pe-format (data directories)
 */
export function isDotnet(read: Read): boolean {
  const head = read(0, E_LFANEW + 4);
  if (head.length < E_LFANEW + 4 || head[0] !== 0x4d || head[1] !== 0x5a) return false;
  const at = view(head).getUint32(E_LFANEW, true);
  const size = OPTIONAL + PE32_PLUS.directories + CLR * 8 + 4;
  const pe = view(read(at, size));
  const u32 = (offset: number) => offset + 4 <= pe.byteLength ? pe.getUint32(offset, true) : 0;
  if (u32(0) !== 0x4550) return false; // "PE\0\0"
  const magic = u32(OPTIONAL) & 0xffff;
  const layout = [PE32, PE32_PLUS].find((layout) => layout.magic === magic);
  if (layout === undefined || u32(OPTIONAL + layout.NumberOfRvaAndSizes) <= CLR) return false;
  return u32(OPTIONAL + layout.directories + CLR * 8) !== 0;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
