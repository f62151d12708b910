import type { Read } from "../../lib/elf/header.ts";
import type { Facts } from "../../lib/start/facts.ts";
import { buildElf } from "../elf/build_elf.ts";

const NATIVE = buildElf({ machine: "x86_64" });
const FOREIGN = buildElf({ machine: "hexagon" });
const decoder = new TextDecoder();

export function reader(file: Uint8Array): Read {
  return (offset, limit) => file.subarray(offset, offset + limit);
}

/** Opens the files of an x86_64 host: native programs, foreign ones and directories. */
export function openAmong(
  exists: (path: string) => boolean,
  isForeign: (path: string) => boolean = () => false,
  text = (path: Uint8Array) => decoder.decode(path),
  isDirectory: (path: string) => boolean = () => false,
): Facts["open"] {
  return (bytes) => {
    const path = text(bytes);
    if (!exists(path)) return "absent";
    if (isDirectory(path)) return "directory";
    return reader(isForeign(path) ? FOREIGN : NATIVE);
  };
}
