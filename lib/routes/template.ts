import { byteText } from "./byte_text.ts";
import { MARKER } from "./format.ts";
import type { Target } from "./targets.ts";

/** The parts of a template. */
export type Piece = string | number;

const WORD = /\{([a-z0-9]+)\}/;
const XDG_DATA_HOME = "{XDG_DATA_HOME}";
const END = String.fromCharCode(MARKER.END);

/**
 * A text with the target's words filled in and the program's replaced by these markers; unknown
 * words stay. Undefined if the target has no value, such as {debian} for a machine that Debian does
 * not have.
 */
export function fillIn(
  text: string,
  target: Target,
  markers: Readonly<Record<string, number>>,
): Piece[] | undefined {
  const pieces: Piece[] = [];
  const parts = partsOf(text);
  for (let i = 0; i < parts.length; i++) {
    const piece = i % 2 === 0 ? parts[i]! : meaning(parts[i]!, target, markers);
    if (piece === undefined) return undefined;
    pieces.push(piece);
  }
  return pieces;
}

/** Each text is split only once: it is needed for every target. */
const known = new Map<string, readonly string[]>();

/** The text around words, and the words, in turn. */
function partsOf(text: string): readonly string[] {
  const parts = known.get(text) ?? text.split(WORD);
  known.set(text, parts);
  return parts;
}

function meaning(word: string, target: Target, markers: Readonly<Record<string, number>>) {
  if (word === "machine") return target.name;
  if (word === "gnu") return target.gnu;
  if (word === "debian") return target.debian;
  return Object.hasOwn(markers, word) ? markers[word]! : `{${word}}`;
}

/** The same before a program is known: only the target's words are filled in. */
export function fillInTarget(text: string, target: Target): string | undefined {
  return fillIn(text, target, {})?.join("");
}

/** A path as a piece: it may begin with `~/` or {XDG_DATA_HOME}. */
export function pathPieces(path: string): Piece[] {
  if (path.startsWith("~/")) return [MARKER.HOME, path.slice(1)];
  if (path.startsWith(XDG_DATA_HOME)) {
    return [MARKER.XDG_DATA_HOME, path.slice(XDG_DATA_HOME.length)];
  }
  return [path];
}

/**
 * A template of these items, as byteText(). A validated configuration has no zero bytes: anything
 * after one would be lost.
 */
export function template(items: readonly (readonly Piece[])[]): string {
  return items.map(encoded).join("") + END;
}

function encoded(item: readonly Piece[]): string {
  const pieces = item.map((piece) =>
    typeof piece === "number" ? String.fromCharCode(piece) : byteText(piece.replaceAll("\0", ""))
  );
  return `${pieces.join("")}\0`;
}
