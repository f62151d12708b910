/** Paths in templates. */
import { MARKER } from "../../routes/format.ts";
import { append, finished } from "../bytes.ts";
import { PATH_MAX } from "../linux.ts";
import { at, part } from "../outside.ts";
import { findDataHome, findHome } from "./home.ts";
import { text } from "./table.ts";

const path = new Uint8Array(PATH_MAX);

/**
 * Fills in a path, in which only home directories are markers; undefined if one is unknown or the
 * path is too long. The next call overwrites it.
 */
export function fillPath(template: number): Uint8Array | undefined {
  const item = text(template);
  let end = 0;
  let i = 0;
  while (i < item.length && at(item, i) !== MARKER.END) {
    const next = endOfPiece(item, i);
    const piece = at(item, i) === MARKER.HOME
      ? findHome()
      : at(item, i) === MARKER.XDG_DATA_HOME
      ? findDataHome()
      : part(item, i, next);
    if (piece === undefined) return undefined;
    end = append(path, end, piece);
    i = next;
  }
  return finished(path, end);
}

/**
 * The end of the piece that begins at an index: a marker, or the literal text up to the next one.
 * Markers are bytes that UTF-8 never contains.
 */
export function endOfPiece(item: Uint8Array, start: number): number {
  let end = start;
  while (end < item.length && at(item, end) < MARKER.PROGRAM) end++;
  return end === start ? start + 1 : end;
}
