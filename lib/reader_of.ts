import type { Read } from "./elf/header.ts";
import type { Environment } from "./environment.ts";

const NOTHING = new Uint8Array();

/** Reads parts of a file; returns no bytes if that fails. */
export function readerOf(path: string, environment: Pick<Environment, "read">): Read {
  return (offset, limit) => {
    const bytes = environment.read(path, offset, limit);
    return typeof bytes === "string" ? NOTHING : bytes;
  };
}
