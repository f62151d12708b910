/** What a table was made from: the table that is read now is compared with it, or told of it. */
import { LINK, SOURCE, TABLE_FLAG } from "../../routes/format.ts";
import { same, store } from "../bytes.ts";
import * as table from "../decide/table.ts";
import { PATH_MAX, readlink } from "../linux.ts";
import { copy, part } from "../outside.ts";
import * as clock from "./clock.ts";
import * as file from "./file.ts";
import { identityOf } from "./stat_cache.ts";

/**
 * A change younger than this may share its timestamp with an earlier one: kernels stamp files by a
 * coarse clock.
 */
const YOUNG_NS = 20_000_000;

const target = new Uint8Array(PATH_MAX);

export const SOURCES = { UNCHANGED: 0, CHANGED: 1, DAMAGED: 2 } as const;

/** Has any source changed since its identity was filled in? Gives one of SOURCES. */
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

/**
 * Do all links that the rules' paths lead through hold what they held? That is compared, so their
 * times tell nothing more.
 */
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
 * Fills the identities in. May the table be kept? All was read, no source is too young to tell at
 * the time that was taken, and none came or went since the resolver looked.
 */
export function fillIn(): boolean {
  const n = table.header.n_sources;
  let source = table.header.sources;
  let mayBeKept = (table.header.flags & TABLE_FLAG.KEEP) !== 0;
  for (let i = 0; i < n; i++) {
    const path = pathOf(source);
    if (path === undefined) return false;
    const isThere = file.look(path);
    // Until now the entry says what the resolver saw.
    if (wasThere(source) !== isThere) mayBeKept = false;
    store(table.bytes(source + SOURCE.exists, 4), 0, 4, isThere ? 1 : 0);
    if (isThere) copy(identityIn(source), 0, file.identity);
    if (isThere && isYoung()) mayBeKept = false;
    source += SOURCE.end;
  }
  return mayBeKept;
}

/**
 * May the file that was looked at last have changed since the resolver read it? By its ctime alone:
 * it is the kernel's, and no change leaves it as it was; mtime may be anything. One that lies ahead
 * of the clock (which was set back) is older than the reading, and no change gives it again.
 */
function isYoung(): boolean {
  return clock.since(file.ctime) <= YOUNG_NS && !clock.isAhead(file.ctime);
}

/** The source's path; undefined where the table ends before it. */
function pathOf(source: number): Uint8Array | undefined {
  if (!table.has(source, SOURCE.end)) return undefined;
  return table.textIfWhole(table.number(source + SOURCE.path));
}

/** What cannot be looked at is an absent file. */
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
