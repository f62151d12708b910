/** Matches rules below `~/` by where the links in their paths lead. */
import { MAX_HOME_PARTS } from "../../config/limits.ts";
import { HOME, MAX_GLOBS_SIZE } from "../../routes/format.ts";
import { NONE, SLASH, startsWith } from "../bytes.ts";
import { at, part } from "../outside.ts";
import * as report from "../report.ts";
import { matchesGlob } from "./glob.ts";
import { findBelow } from "./home.ts";
import { bytes, damaged, header, structure, text } from "./table.ts";

/** The lowest rank of `other` and the rules that match; 0: none. Follows no links in vain. */
export function findByHomeLinks(path: Uint8Array, home: Uint8Array, other: number): number {
  const n = header.n_homes;
  let place = header.homes;
  let left = MAX_GLOBS_SIZE;
  let lowest = other;
  let followed = 0;
  let last = 0;
  let real = NONE;
  for (let i = 0; i < n; i++) {
    const entry = structure(HOME, place);
    place += HOME.end;
    const rank = entry.rank;
    const size = entry.size;
    left -= HOME.end + size;
    if (left < 0) damaged();
    if (lowest !== 0 && rank >= lowest) continue;
    if (entry.part !== last) {
      followed++;
      if (followed > MAX_HOME_PARTS) damaged();
      last = entry.part;
      real = findBelow(home, text(last)) ?? NONE;
    }
    if (!isAtOrBelow(path, real)) continue;
    if (matchesGlob(bytes(entry.code, size), part(path, lengthOf(real), path.length))) {
      lowest = rank;
      report.leadsTo(real);
    }
  }
  return lowest;
}

/** Is the path `real` itself or below it? */
function isAtOrBelow(path: Uint8Array, real: Uint8Array): boolean {
  if (real.length === 0 || !startsWith(path, real)) return false;
  const length = lengthOf(real);
  return path.length === length || at(path, length) === SLASH;
}

/** The length without a slash at the end, which only the root directory has. */
function lengthOf(real: Uint8Array): number {
  return real.length === 1 ? 0 : real.length;
}
