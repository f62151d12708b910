import { HEAD_LIMIT, type Read } from "./elf/header.ts";
import type { Environment } from "./environment.ts";

const NOTHING = new Uint8Array();

/** Reads parts of a file; returns no bytes if that fails. `head`: its first HEAD_LIMIT bytes. */
export function readerOf(
  path: string,
  environment: Pick<Environment, "read">,
  head?: Uint8Array,
): Read {
  return (offset, limit) => {
    const end = offset + limit;
    if (head !== undefined && end <= HEAD_LIMIT) return head.subarray(offset, end);
    const bytes = environment.read(path, offset, limit);
    return typeof bytes === "string" ? NOTHING : bytes;
  };
}
