import { type CacheParts, type Caches, defineCaches } from "./caches.ts";
import type { Fallback } from "./fallback.ts";
import { type MakeParts, makeTable } from "./make_table.ts";
import type { State } from "./state.ts";
import { tellOfStranger } from "./stranger.ts";
import { findUserLayer } from "./user_layer.ts";

const ENOENT = -2;

interface Parts extends CacheParts, MakeParts {
  readonly fallback: Fallback;
}

/**
 * Finds a table that holds, in a cache or by having it made, and leaves it in `table` and
 * `table_size`. Where neither can be, the last good one serves; where there is none, the
 * interpreter that was built in. What it gives back are the caller's folders for tables.
 */
export function findTable(s: State, parts: Parts): Caches {
  const { code } = s;
  const { table, access } = parts;
  const user = findUserLayer(s, parts);
  const caches = defineCaches(s, parts, user);
  code.set(caches.folder, -1);
  tellOfStranger(s, parts, user, caches);
  code.call(caches.lookUp);
  // A privileged start trusts nothing but the system's table, and starts nothing.
  code.if(table.valid, "==", 0, () => {
    code.if(s.secure, "==", 0, () => makeTable(s, parts, user, caches));
  });
  code.if(table.valid, "==", 0, () => {
    code.if(user.own, "==", 1, () => code.call(caches.lookUpSystem));
  });
  code.if(table.valid, "==", 0, () => {
    access.recall(() => saySo(s, parts), () => giveUp(s, parts));
  });
  code.set(access.in_use, 1);
  return caches;
}

function saySo(s: State, { m }: Parts): void {
  const { code } = s;
  code.if(s.secure, "==", 0, () => {
    m.sayAll([
      `binfmt-dispatcher: Cannot make a new route table: ${s.options.resolver} `,
      "did not give one, taking the last",
    ]);
    code.call(m.print);
  });
}

function giveUp(s: State, { m, file, fallback }: Parts): void {
  const { code } = s;
  code.if(s.secure, "==", 1, () => {
    m.fail(126, ["it starts with another user's rights, and there is no system table"], [
      "Root's next start of any foreign program makes it",
    ]);
  });
  fallback.start();
  const { resolver } = s.options;
  file.look(code.text(resolver));
  code.if(file.error, "==", ENOENT, () => {
    m.fail(125, [`there is neither a route table nor ${resolver} here, as in a container`], [
      "Outside of it: binfmt-dispatcher binfmt --direct --machine MACHINE, or ",
      "binfmt-dispatcher handler --fallback PATH",
    ]);
  });
  m.fail(125, [`its route table cannot be made: ${resolver} did not give one`], [
    `Start it by hand to see why: ${resolver} routes >/dev/null`,
  ]);
}
