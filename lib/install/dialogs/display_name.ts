import { basename } from "@std/path";
import { printable } from "../../printable.ts";

/** Code points: a name of this length fits on one line of a dialog. */
const LONGEST = 48;

/**
 * Invisible characters that move or hide others. The joiners U+200C and U+200D are allowed: words
 * and emoji need them. https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u2060-\u2064\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/** The first letters of a list, of at most `limit` code points altogether. */
function fitting(letters: readonly string[], limit: number): string[] {
  let left = limit;
  const end = letters.findIndex((letter) => (left -= Array.from(letter).length) < 0);
  return letters.slice(0, end === -1 ? letters.length : end);
}

function shown(letter: string): string {
  if (!INVISIBLE.test(letter)) return printable(letter);
  return `\\u{${letter.codePointAt(0)!.toString(16)}}`;
}

/** A program's name for people: the last part of its path. */
export function displayName(path: string): string {
  return displayText(basename(path) || path);
}

/** An untrusted text for people: one short line without invisible characters. */
export function displayText(text: string): string {
  const letters = Array.from(text.toWellFormed(), shown);
  if (fitting(letters, LONGEST).length === letters.length) return letters.join("");
  const start = fitting(letters, LONGEST / 2);
  const end = fitting(letters.toReversed(), LONGEST / 2 - 1).reverse();
  return `${start.join("")}…${end.join("")}`;
}
