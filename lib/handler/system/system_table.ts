/** The errand `table`: makes the system table at boot and after a change, before any start. */
import * as caller from "../caller.ts";
import { exit } from "../linux.ts";
import { end, say, sayNext } from "../message.ts";
import { option } from "../outside.ts";
import * as caches from "./caches.ts";
import { pause } from "./clock.ts";
import { makeTable } from "./make_table.ts";
import * as tableFile from "./table_file.ts";
import * as userLayer from "./user_layer.ts";

/** A table is not kept if a layer changed just now, as when a path unit starts this errand. */
const SETTLE_MS = 25;
/** If layers keep changing, the path unit starts the errand again. */
const ATTEMPTS = 20;

export function makeSystemTable(): never {
  if (caller.euid !== 0 || caller.isSecure) refuse();
  caches.forget();
  tableFile.forget();
  userLayer.forget();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (caches.lookUp()) exit(0);
    if (!makeTable()) tellNotMade();
    if (caches.lookUp()) exit(0);
    for (let i = 0; i < SETTLE_MS; i++) pause();
  }
  cannotMake();
  say("it cannot be kept in ", option("tables"), ", or its layers keep changing");
  end(125);
}

function cannotMake(): void {
  say("binfmt-dispatcher: Cannot compile the system route table: ");
}

function refuse(): never {
  cannotMake();
  say("only root may do that");
  end(1);
}

function tellNotMade(): never {
  const resolver = option("resolver");
  cannotMake();
  say(resolver, " failed");
  sayNext();
  say("To see why: ", resolver, " routes --system >/dev/null");
  end(125);
}
