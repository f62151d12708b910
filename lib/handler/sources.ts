import { HEADER, SOURCE, TABLE_FLAG } from "../routes/format.ts";
import type { Variable } from "../native/program.ts";
import type { File } from "./file.ts";
import type { Messages } from "./message.ts";
import type { Seen } from "./seen.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";

/**
 * A change younger than this may share its timestamp with an earlier one: kernels stamp files by a
 * coarse clock.
 */
const YOUNG_NS = 20_000_000;

/** What a table was made from: fills the identities in, and compares them. */
export function defineSources(
  s: State,
  m: Messages,
  file: File,
  seen: Seen,
  access: TableAccess,
) {
  const { code } = s;
  const value = code.variable("source_value");
  const i = code.variable("source_index");
  const source = code.variable("source");
  const unchanged = code.variable("sources_unchanged");

  /** The identity's fields in order. A file that cannot be looked at is an absent one. */
  const identity = [file.dev, file.ino, file.size, file.mtime, file.ctime];
  const exists = code.variable("source_exists");
  const settleIdentity = () => {
    code.set(exists, 1);
    m.ifError(file.error, () => {
      for (const field of [...identity, exists]) code.set(field, 0);
    });
  };

  /**
   * Looks at each source in turn; `each` finds its entry's offset in `source` and its identity in
   * `file` and `exists`.
   */
  const forEachSource = (look: (path: Variable) => void, each: () => void) => {
    access.number(source, HEADER.sources);
    access.number(i, HEADER.n_sources);
    code.while(i, "!=", 0, () => {
      access.number(value, source, SOURCE.path);
      code.call(access.findString, value);
      code.if(access.damaged, "==", 1, () => code.leave());
      look(access.string);
      settleIdentity();
      each();
      code.do(source, source, "+", SOURCE.end);
      code.do(i, i, "-", 1);
    });
  };

  /** unchanged = no source has changed since its identity was filled in. */
  const compare = code.procedure("compare_sources", [], () => {
    code.set(unchanged, 0);
    forEachSource((path) => code.call(seen.look, path), () => {
      [...identity, exists].forEach((field, n) => {
        access.number(value, source, SOURCE.identity + 8 * n, 8);
        code.if(value, "!=", field, () => code.return());
      });
    });
    code.if(access.damaged, "==", 0, () => code.set(unchanged, 1));
  });

  return {
    compare,
    unchanged,
    ...defineFillIn(
      s,
      access,
      source,
      [...identity, exists],
      { ctime: file.ctime, exists },
      (each) => forEachSource(file.look, each),
    ),
  };
}

export type Sources = ReturnType<typeof defineSources>;

/** `fillIn` writes the identities; `keep`: the table may be kept. */
function defineFillIn(
  s: State,
  access: TableAccess,
  source: Variable,
  fields: readonly Variable[],
  { ctime, exists }: { readonly ctime: Variable; readonly exists: Variable },
  forEachSource: (each: () => void) => void,
) {
  const { code } = s;
  const start = code.variable("resolve_start");
  const slot = code.variable("identity_slot");
  const keep = code.variable("table_keep");
  const seen = code.variable("source_seen");
  /**
   * Fills the identities in. keep = the table may be kept: all was read, no source is too young to
   * tell, and none came or went since the resolver looked.
   */
  const fillIn = code.procedure("fill_in", [start], () => {
    access.number(keep, HEADER.flags);
    code.do(keep, keep, "&", TABLE_FLAG.KEEP);
    code.do(start, start, "-", YOUNG_NS);
    forEachSource(() => {
      // Until now the last field is what the resolver saw.
      access.number(seen, source, SOURCE.exists, 8);
      code.if(seen, "!=", exists, () => code.set(keep, 0));
      fields.forEach((field, n) => {
        code.do(slot, source, "+", SOURCE.identity + 8 * n);
        code.call(access.inTable, slot, 8);
        code.write(8, access.at, field);
      });
      // ctime alone: it is the kernel's, and no change leaves it as it was; mtime may be anything.
      code.if(ctime, ">=", start, () => code.set(keep, 0));
    });
  });
  return { fillIn, keep };
}
