import type { Environment } from "./environment.ts";

const decoder = new TextDecoder();
/** Bytes. */
const LIMIT = 65_536;

/** Reads a small text file, replacing invalid UTF-8; undefined if it cannot be read. */
export function readText(path: string, environment: Environment): string | undefined {
  const bytes = environment.read(path, 0, LIMIT);
  return typeof bytes === "string" ? undefined : decoder.decode(bytes);
}
