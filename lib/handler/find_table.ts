import { type CacheParts, defineCaches } from "./caches.ts";
import { type MakeParts, makeTable } from "./make_table.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";
import { findUserLayer } from "./user_layer.ts";

/**
 * Finds a table that holds, in a cache or by having it made, and leaves it in `table` and
 * `table_size`.
 */
export function findTable(
  s: State,
  parts: CacheParts & MakeParts & { readonly access: TableAccess },
): void {
  const { code } = s;
  const { m, table, access } = parts;
  const user = findUserLayer(s, parts.file, parts.text, parts.variables);
  const caches = defineCaches(s, parts, user);
  code.call(caches.lookUp);
  code.if(table.valid, "==", 0, () => {
    // A privileged start trusts nothing but the system's table.
    code.if(s.secure, "==", 1, () => {
      m.fail(126, ["it starts with another user's rights, and there is no current system table"], [
        "Let root make it once: sudo binfmt-dispatcher run true",
      ]);
    });
    makeTable(s, parts, user, caches);
  });
  code.set(access.in_use, 1);
}
