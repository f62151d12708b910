import type { Read } from "./elf/header.ts";
import type { Environment } from "./environment.ts";

const NOTHING = new Uint8Array();

/** Reads parts of a file; what cannot be read is empty. */
export function readerOf(path: string, environment: Pick<Environment, "read">): Read {
  return (offset, limit) => {
    const bytes = environment.read(path, offset, limit);
    return typeof bytes === "string" ? NOTHING : bytes;
  };
}
