/**
 * What the handler does for our own program, and in muvm's guest for the handler that asked muvm:
 * `handler ERRAND WORDS…`. Only a name without a slash is one, for a program is always started by a
 * path with one, and only where no entry of binfmt_misc started the handler: with flag P or O the
 * first word is the caller's to choose.
 */
import { same } from "../bytes.ts";
import * as caller from "../caller.ts";
import { discardInput, exit } from "../linux.ts";
import { refuseDirectStart } from "../message.ts";
import { utf8 } from "../outside.ts";
import { startInGuest } from "./guest.ts";
import { takeOver } from "./registered.ts";
import { makeSystemTable } from "./system_table.ts";
import { tell } from "./tell.ts";
import { tryProbe, tryStart } from "./try_start.ts";

export function run(): void {
  if (same(caller.program, utf8("tell"))) tell();
  if (same(caller.program, utf8("guest"))) startInGuest();
  if (same(caller.program, utf8("table"))) makeSystemTable();
  if (same(caller.program, utf8("try"))) tryStart();
  if (same(caller.program, utf8("probe"))) tryProbe();
  if (same(caller.program, utf8("discard-input"))) exit(discardInput(0) < 0 ? 1 : 0);
  if (same(caller.program, utf8("registered"))) takeOver();
  else refuseDirectStart();
}
