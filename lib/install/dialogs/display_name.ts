import { basename } from "@std/path";
import { printable } from "../../printable.ts";

/**
 * Code points. With the quotation marks around it a name stays below what dialogs break lines at.
 */
const LONGEST = 48;

/**
 * What nobody sees, but what moves or hides other letters. Joiners (U+200C, U+200D) stay: words and
 * emoji need them. https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u2060-\u2064\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/** Letters from the start of a list that have together no more than `limit` code points. */
function fitting(letters: readonly string[], limit: number): string[] {
  let left = limit;
  const end = letters.findIndex((letter) => (left -= Array.from(letter).length) < 0);
  return letters.slice(0, end === -1 ? letters.length : end);
}

function shown(letter: string): string {
  if (!UNSEEN.test(letter)) return printable(letter);
  return `\\u{${letter.codePointAt(0)!.toString(16)}}`;
}

/** A program's name as people see it: the last part of its path. */
export function displayName(path: string): string {
  return displayText(basename(path) || path);
}

/** Somebody else's words as people see them: in one line, nothing hidden, not too long. */
export function displayText(text: string): string {
  const letters = Array.from(text.toWellFormed(), shown);
  if (fitting(letters, LONGEST).length === letters.length) return letters.join("");
  const start = fitting(letters, LONGEST / 2);
  const end = fitting(letters.toReversed(), LONGEST / 2 - 1).reverse();
  return `${start.join("")}…${end.join("")}`;
}
