import type { Rule } from "../config/config.ts";
import { literalPart } from "../config/literal_part.ts";
import { byteText } from "./byte_text.ts";
import { GLOB, GLOB_BYTE, HOME, MAX_GLOBS_SIZE, MAX_PATHS_SIZE, PATH, rankOf } from "./format.ts";
import { type Reading, readings } from "./readings.ts";

/** An exact path or a directory. Texts have one character for each byte. */
export interface PathEntry {
  readonly text: string;
  readonly rank: number;
  /** Index of the longest directory around it; 0: none. */
  readonly around: number;
}

export interface GlobEntry {
  readonly code: string;
  readonly rank: number;
}

export interface HomeEntry extends GlobEntry {
  /** Below the home directory. */
  readonly part: string;
}

/** The rules' paths as the table has them; rules are counted from 1, in order of precedence. */
export interface Collected {
  /** Sorted; the first stands for none. */
  readonly paths: readonly PathEntry[];
  /** In order of precedence. */
  readonly globs: readonly GlobEntry[];
  /** Sorted by their parts. */
  readonly homes: readonly HomeEntry[];
  /** Rules left out of the table: index into the rules, and why, without a period. */
  readonly refused: readonly { readonly index: number; readonly why: string }[];
}

/** Limits on ways through the braces of one path, and of all paths together. */
const MAX_READINGS = 1000;
const MAX_ALL_READINGS = 20_000;

/** Pads a home entry's texts to multiples of four. */
const ALIGNED = 6;

const TOO_MANY = `its braces expand to more than ${MAX_READINGS} paths`;
const TOO_MANY_IN_ALL = `with it, all braces would expand to more than ${MAX_ALL_READINGS} paths`;
const TOO_MANY_GLOBS = `with it, all patterns would take more than ${MAX_GLOBS_SIZE} bytes`;
const TOO_LARGE = `with it, all paths would take more than ${MAX_PATHS_SIZE} bytes`;

/** What one rule adds: text → rank. */
type Added = Readonly<Record<Entry["kind"], Map<string, number>>>;

/**
 * Converts the rules' paths, given in order of precedence, into the table's entries. A rule that
 * would exceed a limit is refused; the others stay.
 */
export function collectPaths(rules: readonly Ruled[], room = MAX_PATHS_SIZE): Collected {
  const known: Added = { path: new Map(), glob: new Map(), home: new Map() };
  const refused: { index: number; why: string }[] = [];
  let left = room - PATH.end;
  let globs_left = MAX_GLOBS_SIZE;
  let readings_left = MAX_ALL_READINGS;
  rules.forEach((rule, index) => {
    const refuse = (why: string) => void refused.push({ index, why });
    const added: Added = { path: new Map(), glob: new Map(), home: new Map() };
    let n = 0;
    for (const reading of readings(rule.path)) {
      if (++n > MAX_READINGS) return refuse(TOO_MANY);
      // The path itself and one reading do not come from braces.
      if (n > 2 && --readings_left < 0) return refuse(TOO_MANY_IN_ALL);
      if (reading === undefined) continue;
      spellings(rule, reading).forEach(({ kind, text }, i) => {
        const rank = Math.min(rankOf(index + 1, i > 0), added[kind].get(text) ?? Infinity);
        if (!known[kind].has(text)) added[kind].set(text, rank);
      });
    }
    const globs_size = sizeOf(added.glob, GLOB.end) + sizeOf(added.home, HOME.end + ALIGNED);
    const size = sizeOf(added.path, PATH.end) + globs_size;
    if (globs_size > globs_left) return refuse(TOO_MANY_GLOBS);
    if (size > left) return refuse(TOO_LARGE);
    globs_left -= globs_size;
    left -= size;
    for (const kind of ["path", "glob", "home"] as const) {
      for (const [text, rank] of added[kind]) known[kind].set(text, rank);
    }
  });
  const globs = Array.from(known.glob, ([code, rank]) => ({ code, rank }));
  globs.sort((a, b) => a.rank - b.rank);
  return { paths: sorted(known.path), globs, homes: byPart(known.home), refused };
}

/** A rule's path as far as it decides what matches. */
type Ruled = Pick<Rule, "path" | "leads_to">;

interface Entry {
  readonly kind: Reading["kind"] | "home";
  readonly text: string;
}

/** Separates a home entry's part from its code in its text; no path contains it. */
const BETWEEN = "\0";

/** The reading, and the same reading with the links in the path's literal part resolved. */
function spellings({ path, leads_to }: Ruled, reading: Reading): Entry[] {
  if (leads_to === undefined) return [reading];
  const part = byteText(literalPart(path));
  // The literal part has no pattern characters, so all readings begin with it.
  const rest = reading.text.slice(part.length);
  if (leads_to.startsWith("~")) {
    const code = rest.endsWith("/") ? rest + String.fromCharCode(GLOB_BYTE.STARS) : rest;
    return [reading, { kind: "home", text: part.slice(1) + BETWEEN + code }];
  }
  const text = (leads_to === "/" ? "" : byteText(leads_to)) + rest;
  return text === "" ? [reading] : [reading, { kind: reading.kind, text }];
}

function byPart(found: ReadonlyMap<string, number>): HomeEntry[] {
  return Array.from(found, ([text, rank]) => {
    const end = text.indexOf(BETWEEN);
    return { part: text.slice(0, end), code: text.slice(end + 1), rank };
  }).sort((a, b) => a.part === b.part ? a.rank - b.rank : a.part < b.part ? -1 : 1);
}

function sizeOf(texts: ReadonlyMap<string, number>, entry: number): number {
  return texts.keys().reduce((sum, text) => sum + entry + text.length, 0);
}

/** Drops entries hidden by a directory around them, so the longest match of a path wins. */
function sorted(found: ReadonlyMap<string, number>): PathEntry[] {
  const entries: PathEntry[] = [{ text: "", rank: 0, around: 0 }];
  /** Directories that may contain the next entry, each inside the one before it. */
  const directories = [0];
  for (const [text, rank] of [...found].sort(([a], [b]) => a < b ? -1 : 1)) {
    while (!text.startsWith(entries[directories.at(-1)!]!.text)) directories.pop();
    const around = directories.at(-1)!;
    if (around > 0 && entries[around]!.rank <= rank) continue;
    entries.push({ text, rank, around });
    if (text.endsWith("/")) directories.push(entries.length - 1);
  }
  return entries;
}
