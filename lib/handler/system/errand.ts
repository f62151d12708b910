/**
 * Runs an errand, `handler ERRAND WORDS…`, for binfmt-dispatcher or for the handler outside of
 * muvm's guest. An errand has no slash, and a program's path always has one. caller.isErrand also
 * requires that no entry with flag P or O started the handler: there the caller chooses the word.
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
