import { dirname, join } from "@std/path";
import type { Environment } from "../environment.ts";
import type { Host } from "../native/language.ts";
import { decodeCode, type LinkedCode } from "../native/linked_code.ts";

/** The directories of the code: inside the compiled program, and dist/ of the sources. */
const CODE_PLACES: readonly string[] = ["./", "../../dist/"];

export function codeName(host: Host): string {
  return `handler-${host}.code`;
}

/** Bytes; the code is always smaller. */
const LIMIT = 4 * 1024 * 1024;

/** The handler's code for a machine; undefined if it is not compiled yet. */
export function readHandlerCode(
  host: Host,
  environment: Environment,
): LinkedCode | undefined {
  // The compiled program is a script, for which import.meta.dirname is undefined.
  const here = import.meta.dirname ?? dirname(new URL(Deno.mainModule).pathname);
  for (const place of CODE_PLACES) {
    const path = join(here, place, codeName(host));
    const bytes = environment.read(path, 0, LIMIT);
    if (typeof bytes !== "string") return decodeCode(bytes);
  }
  return undefined;
}
