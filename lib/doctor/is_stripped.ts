import type { Environment } from "../environment.ts";

const ELF = "\x7fELF";
/** What `deno compile` puts at the end, before two numbers of eight bytes. */
const TRAILER = "d3n0l4nd";
const TRAILER_SIZE = TRAILER.length + 16;

/**
 * Is this an ELF file without the program that `deno compile` appended? strip(1) removes that, and
 * package builders call strip.
 */
export function isStripped(path: string, environment: Environment): boolean {
  const facts = environment.stat(path);
  if (typeof facts === "string" || facts.kind !== "file") return false;
  const text = (offset: number, size: number) => {
    const bytes = environment.read(path, Math.max(0, offset), size);
    return typeof bytes === "string" ? "" : String.fromCharCode(...bytes);
  };
  if (text(0, ELF.length) !== ELF) return false;
  return !text(facts.size - TRAILER_SIZE, TRAILER_SIZE).startsWith(TRAILER);
}
