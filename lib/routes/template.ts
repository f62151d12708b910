import { byteText } from "./byte_text.ts";
import { MARKER } from "./format.ts";
import type { Target } from "./targets.ts";

/** Words in braces, and the markers that stand for them. */
export type Markers = Readonly<Record<string, number>>;

const TARGET_WORD = /\{(machine|gnu|debian)\}/;
const XDG_DATA_HOME = "{XDG_DATA_HOME}";
export const END = String.fromCharCode(MARKER.END);
const NO_MARKERS: Markers = {};

/** Each text is split only once: it is needed for every target. */
const known = new Map<string, readonly string[]>();

/** The text around the target's words, and the words, in turn. */
function partsOf(text: string): readonly string[] {
  let parts = known.get(text);
  if (parts === undefined) {
    parts = text.split(TARGET_WORD);
    known.set(text, parts);
  }
  return parts;
}

/**
 * A text with the target's words filled in; other words stay. Undefined if the target has no value,
 * such as {debian} for a machine that Debian does not have.
 */
export function fillIn(text: string, target: Target): string | undefined {
  return filled(text, target, (value) => value);
}

/** The same for what encoded() gives. */
export function fillInEncoded(text: string, target: Target): string | undefined {
  return filled(text, target, encodedText);
}

function filled(
  text: string,
  target: Target,
  encode: (value: string) => string,
): string | undefined {
  const parts = partsOf(text);
  let all = parts[0]!;
  for (let i = 1; i < parts.length; i += 2) {
    const value = valueOf(parts[i]!, target);
    if (value === undefined) return undefined;
    all += encode(value) + parts[i + 1]!;
  }
  return all;
}

/** Does the text have a word whose value depends on the C library, too? */
export function namesLibrary(text: string): boolean {
  return partsOf(text).some((part, i) => i % 2 === 1 && part !== "machine");
}

function valueOf(word: string, { name, gnu, debian }: Target): string | undefined {
  return word === "machine" ? name : word === "gnu" ? gnu : debian;
}

/**
 * An item of a template, as byteText(), with markers in place of their words; `marker` comes before
 * the text.
 */
export function encoded(text: string, markers = NO_MARKERS, marker = 0): string {
  let item = encodedText(text);
  for (const word in markers) {
    item = item.replaceAll(`{${word}}`, String.fromCharCode(markers[word]!));
  }
  return `${marker === 0 ? "" : String.fromCharCode(marker)}${item}\0`;
}

/** A path as an item: it may begin with `~/` or {XDG_DATA_HOME}. */
export function encodedPath(path: string): string {
  if (path.startsWith("~/")) return encoded(path.slice(1), NO_MARKERS, MARKER.HOME);
  if (!path.startsWith(XDG_DATA_HOME)) return encoded(path);
  return encoded(path.slice(XDG_DATA_HOME.length), NO_MARKERS, MARKER.XDG_DATA_HOME);
}

/** A validated configuration has no zero bytes: anything after one would be lost. */
function encodedText(text: string): string {
  return byteText(text.replaceAll("\0", ""));
}
