/** Finds a valid table in a cache, or has one made. */
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
 * Sets the table that is read from here on. If none can be made, the last one is used, else an
 * embedded interpreter; in a container, the embedded interpreter comes first.
 */
export function findTable(): void {
  caches.forget();
  tableFile.forget();
  userLayer.find();
  if (caches.lookUp()) return;
  // A privileged start trusts only the system table and starts no resolver.
  if (!caller.isSecure && makeTable()) return;
  if (userLayer.isOwn && caches.lookUpSystem()) return;
  // A container can have the host's /run without its /usr: that table is not about the container.
  if (!caller.isSecure && isResolverAbsent()) startFallback();
  if (!tableFile.useStale()) giveUp();
  if (!caller.isSecure) sayStale();
}

function sayStale(): void {
  say("binfmt-dispatcher: Cannot compile a new route table: ", option("resolver"));
  say(" failed, using the last one");
  print();
}

function giveUp(): never {
  if (caller.isSecure) refusePrivileged();
  startFallback();
  if (isResolverAbsent()) tellOfContainer();
  const resolver = option("resolver");
  cannotRun();
  say("its route table cannot be compiled: ", resolver, " failed");
  sayNext();
  say("Run it by hand to see why: ", resolver, " routes >/dev/null");
  end(125);
}

/** True in a container. */
function isResolverAbsent(): boolean {
  file.look(option("resolver"));
  return file.error === ENOENT;
}

function refusePrivileged(): never {
  cannotRun();
  say("it runs with another user's privileges, and there is no system route table");
  sayNext();
  say("The next foreign program that root starts creates it");
  end(126);
}

function tellOfContainer(): never {
  cannotRun();
  say("neither a route table nor ", option("resolver"), " is here, as in a container");
  sayNext();
  say("On the host: binfmt-dispatcher binfmt --direct --machine MACHINE, or ");
  say("binfmt-dispatcher handler --fallback PATH");
  end(125);
}
