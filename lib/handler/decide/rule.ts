/** Finds the rule for a program, and so its list of candidates. */
import { GLOB, MAX_GLOBS_SIZE, PATH, RULE, ruleOf, TABLE_FLAG } from "../../routes/format.ts";
import { endsWith, first, isBehind, join, NONE, same, SLASH, startsWith } from "../bytes.ts";
import * as caller from "../caller.ts";
import { PATH_MAX } from "../linux.ts";
import { at, part, u32, utf8 } from "../outside.ts";
import * as report from "../report.ts";
import { matchesGlob } from "./glob.ts";
import { findHome } from "./home.ts";
import { findByHomeLinks } from "./home_links.ts";
import * as program from "./program.ts";
import { bytes, current, damaged, header, number, structure } from "./table.ts";

const below = new Uint8Array(PATH_MAX);

/** The list of candidates for the target by the program's rule; 0: none. */
export function findList(target: number): number {
  const home = (header.flags & TABLE_FLAG.HOME_RULES) !== 0 ? findHome() ?? NONE : NONE;
  const rank = findRank(program.canonical, caller.program, home);
  report.rule(rank);
  // Rule 0 has choice 0. Reading it would touch one more page of a large table.
  const choice = rank === 0 ? 0 : structure(RULE, header.rules + RULE.end * ruleOf(rank)).choice;
  const targets = header.targets;
  // A valid table has more bytes than either. Their product must not exceed 2⁵³.
  if (choice > current().length || targets > current().length) damaged();
  return number(header.choices + 4 * (choice * targets + target));
}

/**
 * The rank of the rule for the canonical path, else for the given path if it is absolute; 0: none.
 * `home` is the caller's home directory with its links resolved, or empty.
 */
export function findRank(canonical: Uint8Array, given: Uint8Array, home: Uint8Array): number {
  const rank = rankFor(canonical, home);
  const isOther = first(given) === SLASH && !same(given, canonical);
  return rank === 0 && isOther ? rankFor(given, home) : rank;
}

/** A path below the home directory also counts as `~/…`, unless the home directory is /. */
function rankFor(path: Uint8Array, home: Uint8Array): number {
  const rank = lowest(path, 0);
  if (home.length < 2) return rank;
  const tilde = path.length > home.length && startsWith(path, home) &&
      at(path, home.length) === SLASH
    ? join(below, utf8("~"), part(path, home.length, path.length))
    : undefined;
  return findByHomeLinks(path, home, tilde === undefined ? rank : lowest(tilde, rank));
}

/** The lowest rank of `other` and the rules that match; 0: none. */
function lowest(path: Uint8Array, other: number): number {
  const rank = findPath(path);
  return findGlob(path, other === 0 || rank !== 0 && rank < other ? rank : other);
}

/** The rank of the longest exact path or directory that matches; 0: none. */
function findPath(path: Uint8Array): number {
  let entry = lastUpTo(path);
  // Each directory that contains the path is this entry or around it.
  while (entry > 0) {
    const place = header.paths + PATH.end * entry;
    const text = textOf(entry);
    const fits = startsWith(path, text) &&
      (text.length === path.length || endsWith(text, utf8("/")));
    if (fits) return number(place + PATH.rank);
    const around = number(place + PATH.around);
    if (around >= entry) damaged();
    entry = around;
  }
  return 0;
}

/** The last of the sorted entries that is not after the path. Entry 0 is before all others. */
function lastUpTo(path: Uint8Array): number {
  let low = 0;
  let high = header.n_paths;
  while (high - low > 1) {
    const middle = Math.trunc((low + high) / 2);
    if (isBehind(textOf(middle), path)) high = middle;
    else low = middle;
  }
  return low;
}

function textOf(entry: number): Uint8Array {
  const place = header.paths + PATH.end * entry;
  return bytes(number(place + PATH.text), number(place + PATH.size));
}

/** The rank of the first pattern that matches, if it is lower than `other`, else `other`. */
function findGlob(path: Uint8Array, other: number): number {
  const begins = path.length < 4 ? 0 : u32(path, 0);
  const n = header.n_globs;
  let place = header.globs;
  let left = MAX_GLOBS_SIZE;
  for (let i = 0; i < n; i++) {
    const glob = structure(GLOB, place);
    const start = glob.start;
    if (start === 0 || start === begins) {
      const rank = glob.rank;
      if (other !== 0 && rank >= other) return other;
      const size = glob.size;
      left -= GLOB.end + size;
      if (left < 0) damaged();
      if (matchesGlob(bytes(glob.code, size), path)) return rank;
    }
    place += GLOB.end;
  }
  return other;
}
