/** Which of the caller's variables muvm forwards to its guest. */
import { EQUALS, first, indexOf } from "../bytes.ts";
import { at, part } from "../outside.ts";
import { isPassable } from "./muvm.ts";
import { header, number, text } from "./table.ts";

const STAR = 0x2a;
const ZERO = 0x30;
const NINE = 0x39;
const UNDERSCORE = 0x5f;

/**
 * The name of a variable that is forwarded. Empty if its name is not an identifier, muvm cannot
 * carry it, or it is the guest's own.
 */
export function forwardedName(entry: Uint8Array): Uint8Array {
  const length = indexOf(entry, EQUALS);
  const name = part(entry, 0, length);
  const isWhole = length < entry.length;
  const isForwarded = isWhole && isIdentifier(name) && isPassable(entry) && !belongsToGuest(entry);
  return isForwarded ? name : part(entry, 0, 0);
}

function isIdentifier(name: Uint8Array): boolean {
  for (const letter of name) {
    if (!isLetter(letter) && (letter < ZERO || letter > NINE)) return false;
  }
  return isLetter(first(name));
}

function isLetter(letter: number): boolean {
  const lower = letter | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || letter === UNDERSCORE;
}

/** Does the table's list contain the name, or a prefix of it followed by a star? */
function belongsToGuest(entry: Uint8Array): boolean {
  const n = header.n_never_forward;
  for (let i = 0; i < n; i++) {
    if (hasName(entry, text(number(header.never_forward + 4 * i)))) return true;
  }
  return false;
}

function hasName(entry: Uint8Array, pattern: Uint8Array): boolean {
  for (let i = 0; i < pattern.length; i++) {
    if (at(pattern, i) === STAR) return true;
    if (i >= entry.length || at(entry, i) !== at(pattern, i)) return false;
  }
  return pattern.length < entry.length && at(entry, pattern.length) === EQUALS;
}
