/** OVERRIDE=? asks which interpreter would run a program; the start only prints it. */
import * as caller from "../caller.ts";
import { asksWho, OVERRIDE } from "../decide/override.ts";
import { exit, writeAll } from "../linux.ts";
import { utf8 } from "../outside.ts";

const STDOUT = 1;

/** Does OVERRIDE only ask? */
export function isAsked(): boolean {
  const wanted = caller.variable(OVERRIDE);
  return wanted !== undefined && asksWho(wanted);
}

/** Prints an interpreter and its path to standard output, and ends the handler. */
export function tellWho(interpreter: Uint8Array, where: string | Uint8Array): never {
  writeAll(STDOUT, interpreter);
  writeAll(STDOUT, utf8(" ("));
  writeAll(STDOUT, utf8(where));
  exit(writeAll(STDOUT, utf8(")\n")) < 0 ? 1 : 0);
}
