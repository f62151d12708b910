/** Finds a table that holds, in a cache or by having it made. */
import * as caller from "../caller.ts";
import { ENOENT } from "../linux.ts";
import { cannotRun, end, print, say, sayNext } from "../message.ts";
import { option } from "../outside.ts";
import * as caches from "./caches.ts";
import { startFallback } from "./fallback.ts";
import * as file from "./file.ts";
import { makeTable } from "./make_table.ts";
import * as tableFile from "./table_file.ts";
import * as userLayer from "./user_layer.ts";

/**
 * From here on that table is read. Where there can be none, the last good one serves, else an
 * interpreter that was built in; in a container that comes first.
 */
export function findTable(): void {
  caches.forget();
  tableFile.forget();
  userLayer.find();
  if (caches.lookUp()) return;
  // A privileged start trusts nothing but the system's table, and starts nothing.
  if (!caller.isSecure && makeTable()) return;
  if (userLayer.isOwn && caches.lookUpSystem()) return;
  // The host's /run can be there without the host's /usr: its table tells nothing of what is here.
  if (!caller.isSecure && isAlone()) startFallback();
  if (!tableFile.useStale()) giveUp();
  if (!caller.isSecure) saySo();
}

function saySo(): void {
  say("binfmt-dispatcher: Cannot make a new route table: ", option("resolver"));
  say(" did not give one, taking the last");
  print();
}

function giveUp(): never {
  if (caller.isSecure) refusePrivileged();
  startFallback();
  if (isAlone()) tellOfContainer();
  const resolver = option("resolver");
  cannotRun();
  say("its route table cannot be made: ", resolver, " did not give one");
  sayNext();
  say("Start it by hand to see why: ", resolver, " routes >/dev/null");
  end(125);
}

/** Is the resolver absent, as in a container? */
function isAlone(): boolean {
  file.look(option("resolver"));
  return file.error === ENOENT;
}

function refusePrivileged(): never {
  cannotRun();
  say("it starts with another user's rights, and there is no system table");
  sayNext();
  say("Root's next start of any foreign program makes it");
  end(126);
}

function tellOfContainer(): never {
  cannotRun();
  say("there is neither a route table nor ", option("resolver"), " here, as in a container");
  sayNext();
  say("Outside of it: binfmt-dispatcher binfmt --direct --machine MACHINE, or ");
  say("binfmt-dispatcher handler --fallback PATH");
  end(125);
}
