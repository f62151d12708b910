/** Writes lines for binfmt_misc and binfmt.d. */
import { failed, type Failure, type Result, success } from "../failure.ts";

/** The first line of each generated file, by which packaging/registrar recognises its own. */
export const MADE_BY = "# Made by: binfmt-dispatcher";

/** How the kernel recognises programs: by a magic, or by what follows the last dot of the name. */
export type Telling =
  | { readonly magic: Uint8Array; readonly mask: Uint8Array; readonly offset: number }
  | { readonly extension: string };

export interface Entry {
  /** The name of its file in /proc/sys/fs/binfmt_misc. */
  readonly name: string;
  readonly telling: Telling;
}

/** MAX_REGISTER_LENGTH in fs/binfmt_misc.c. */
const LINE_LIMIT = 1920;
/** Names of other files in binfmt_misc. */
const RESERVED = ["register", "status", ".", ".."];

/**
 * `:name:M:offset:magic:mask:interpreter:flags` or `:name:E::extension::interpreter:flags`, without
 * a newline. https://docs.kernel.org/admin-guide/binfmt-misc.html
 */
export function binfmtLine(entry: Entry, interpreter: string, flags: string): Result<string> {
  const fault = faultOf(entry, interpreter);
  if (fault !== undefined) return failed(fault);
  const { name, telling } = entry;
  const how = "extension" in telling
    ? `E::${telling.extension}:`
    : `M:${telling.offset || ""}:${escaped(telling.magic)}:${escaped(telling.mask)}`;
  const line = `:${name}:${how}:${interpreter}:${flags}`;
  const { length } = new TextEncoder().encode(line);
  if (length <= LINE_LIMIT) return success(line);
  const why = `its line has ${length} bytes, but the kernel accepts at most ${LINE_LIMIT}`;
  return failed({ code: "refused", what: `register “${name}”`, why });
}

/** Checks the name and the interpreter; lib/config/schema.ts checks magics and extensions. */
function faultOf({ name }: Entry, interpreter: string): Failure | undefined {
  const fault = (why: string): Failure => ({ code: "refused", what: `register “${name}”`, why });
  if (RESERVED.includes(name) || !fits(name) || name.includes("/")) {
    return fault("binfmt_misc does not allow this name");
  }
  if (interpreter.startsWith("/") && fits(interpreter)) return undefined;
  return fault(`“${interpreter}” must be an absolute path without colons and line breaks`);
}

/** Is it a non-empty field, without what ends a field or line? */
function fits(field: string): boolean {
  return field !== "" && !/[:\n\0]/.test(field);
}

function escaped(bytes: Uint8Array): string {
  return bytes.toHex().replace(/../g, "\\x$&");
}
