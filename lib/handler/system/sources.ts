/** Compares the current table with its sources, or fills in their identities. */
import { LINK, SOURCE, TABLE_FLAG } from "../../routes/format.ts";
import { same, store } from "../bytes.ts";
import * as table from "../decide/table.ts";
import { PATH_MAX, readlink } from "../linux.ts";
import { copy, part } from "../outside.ts";
import * as clock from "./clock.ts";
import * as file from "./file.ts";
import { identityOf } from "./stat_cache.ts";

/** A change younger than this can share its timestamp with a later one: the clock is coarse. */
const YOUNG_NS = 20_000_000;

const target = new Uint8Array(PATH_MAX);

export const SOURCES = { UNCHANGED: 0, CHANGED: 1, DAMAGED: 2 } as const;

/** Has any source changed since its identity was filled in? Returns one of SOURCES. */
export function compare(): number {
  const n = table.header.n_sources;
  let source = table.header.sources;
  for (let i = 0; i < n; i++) {
    const path = pathOf(source);
    if (path === undefined) return SOURCES.DAMAGED;
    if (!isUnchanged(source, identityOf(path))) return SOURCES.CHANGED;
    source += SOURCE.end;
  }
  return compareLinks();
}

/** Do all links in the rules' paths still have the same target? Returns one of SOURCES. */
function compareLinks(): number {
  const n = table.header.n_links;
  let link = table.header.links;
  for (let i = 0; i < n; i++) {
    if (!table.has(link, LINK.end)) return SOURCES.DAMAGED;
    const path = table.textIfWhole(table.number(link + LINK.path));
    const held = table.textIfWhole(table.number(link + LINK.target));
    if (path === undefined || held === undefined) return SOURCES.DAMAGED;
    const length = readlink(path, target);
    if (length < 0 || !same(held, part(target, 0, length))) return SOURCES.CHANGED;
    link += LINK.end;
  }
  return SOURCES.UNCHANGED;
}

/**
 * Fills in the identities. May the table be kept? Not if the resolver could not read all, a source
 * is too young at the time of take(), or one appeared or vanished since the resolver looked.
 */
export function fillIn(): boolean {
  const n = table.header.n_sources;
  let source = table.header.sources;
  let mayBeKept = (table.header.flags & TABLE_FLAG.KEEP) !== 0;
  for (let i = 0; i < n; i++) {
    const path = pathOf(source);
    if (path === undefined) return false;
    const isThere = file.look(path);
    // So far, `exists` is what the resolver saw.
    if (wasThere(source) !== isThere) mayBeKept = false;
    store(table.bytes(source + SOURCE.exists, 4), 0, 4, isThere ? 1 : 0);
    if (isThere) copy(identityIn(source), 0, file.identity);
    if (isThere && isYoung()) mayBeKept = false;
    source += SOURCE.end;
  }
  return mayBeKept;
}

/**
 * Could a change of the last file since the resolver read it go unnoticed? Only ctime tells: the
 * kernel sets it at every change, and mtime can be set to anything. A ctime ahead of the clock is
 * from before the clock was set back, and no later change gives it again.
 */
function isYoung(): boolean {
  return clock.since(file.ctime) <= YOUNG_NS && !clock.isAhead(file.ctime);
}

/** The source's path; undefined if the table is damaged. */
function pathOf(source: number): Uint8Array | undefined {
  if (!table.has(source, SOURCE.end)) return undefined;
  return table.textIfWhole(table.number(source + SOURCE.path));
}

/** A file that cannot be accessed counts as absent. */
function isUnchanged(source: number, identity: Uint8Array | undefined): boolean {
  if (identity === undefined) return !wasThere(source);
  return wasThere(source) && same(identityIn(source), identity);
}

function wasThere(source: number): boolean {
  return table.number(source + SOURCE.exists) === 1;
}

function identityIn(source: number): Uint8Array {
  return table.bytes(source + SOURCE.dev_major, file.IDENTITY_SIZE);
}
