/** Matches paths with a pattern of the table, whose bytes lib/routes/readings.ts makes. */
import { GLOB_BYTE } from "../../routes/format.ts";
import { indexOf, SLASH } from "../bytes.ts";
import { at, part } from "../outside.ts";
import { damaged } from "./table.ts";

/**
 * Does the pattern match the whole path? Backtracks only to the last `**` and to the last `*` after
 * it: what is before them matched as early as possible, and a later match could not help. So the
 * time is at most proportional to the product of both lengths.
 */
export function matchesGlob(code: Uint8Array, path: Uint8Array): boolean {
  let next = 0;
  let reached = 0;
  // The index after the last `*`, and where in the path its rest was tried last; 0: none.
  let star = 0;
  let starAt = 0;
  // The same for the last `**`.
  let stars = 0;
  let starsAt = 0;
  while (next < code.length || reached < path.length) {
    const byte = next < code.length ? at(code, next) : 0;
    if (byte === GLOB_BYTE.STAR) {
      next++;
      star = next;
      starAt = reached;
    } else if (byte === GLOB_BYTE.STARS || byte === GLOB_BYTE.DIRECTORIES) {
      next++;
      star = 0;
      stars = next;
      starsAt = reached;
    } else {
      // From a later place, even fewer bytes are left.
      if (reached === path.length) return false;
      const size = next < code.length ? fitting(code, next, at(path, reached)) : 0;
      if (size > 0) {
        next += size;
        reached++;
      } else if (star > 0 && at(path, starAt) !== SLASH) {
        starAt++;
        next = star;
        reached = starAt;
      } else if (stars > 0) {
        const directories = at(code, stars - 1) === GLOB_BYTE.DIRECTORIES;
        starsAt = directories ? nextSlash(path, starsAt) + 1 : starsAt + 1;
        // A `*` that failed in this name fails from each later byte of it, too.
        if (!directories && star > 0) starsAt = nextSlash(path, starsAt);
        if (starsAt > path.length) return false;
        star = 0;
        next = stars;
        reached = starsAt;
      } else {
        return false;
      }
    }
  }
  return true;
}

/** The size of the pattern's next element if it matches this byte of the path, else 0. */
function fitting(code: Uint8Array, next: number, byte: number): number {
  const wanted = at(code, next);
  if (wanted === GLOB_BYTE.ANY) return byte === SLASH ? 0 : 1;
  if (wanted !== GLOB_BYTE.CLASS) return byte === wanted ? 1 : 0;
  if (next + 1 === code.length) damaged();
  const end = next + 2 + 2 * at(code, next + 1);
  if (end > code.length) damaged();
  for (let i = next + 2; i < end; i += 2) {
    if (byte >= at(code, i) && byte <= at(code, i + 1)) return end - next;
  }
  return 0;
}

/** The first slash at or after an index; the path's length if there is none. */
function nextSlash(path: Uint8Array, index: number): number {
  return index + indexOf(part(path, index, path.length), SLASH);
}
