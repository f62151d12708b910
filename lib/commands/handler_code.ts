import { dirname, join } from "@std/path";
import type { Environment } from "../environment.ts";
import type { Host } from "../native/language.ts";
import { decodeCode, type LinkedCode } from "../native/linked_code.ts";

/** Where `./dev compile` puts a machine's code: beside the program's parts, and into dist/. */
const CODE_PLACES: readonly string[] = ["./", "../../dist/"];

export function codeName(host: Host): string {
  return `handler-${host}.code`;
}

/** In bytes; more than the code ever has. */
const LIMIT = 4 * 1024 * 1024;

/** The handler's code for a machine; undefined if it is not compiled yet. */
export function readHandlerCode(
  host: Host,
  environment: Environment,
): LinkedCode | undefined {
  // The compiled program is a script, which has no place of its own.
  const here = import.meta.dirname ?? dirname(new URL(Deno.mainModule).pathname);
  for (const place of CODE_PLACES) {
    const path = join(here, place, codeName(host));
    const bytes = environment.read(path, 0, LIMIT);
    if (typeof bytes !== "string") return decodeCode(bytes);
  }
  return undefined;
}
