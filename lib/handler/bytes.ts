/** Compares and joins bytes. */
import { at, copy, part, put, u32 } from "./outside.ts";

export const NONE: Uint8Array = new Uint8Array(0);

export const SLASH = 0x2f;
export const EQUALS = 0x3d;

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && startsWith(a, b);
}

export function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  const length = beginning.length;
  if (bytes.length < length) return false;
  let i = 0;
  while (i + 4 <= length) {
    if (u32(bytes, i) !== u32(beginning, i)) return false;
    i += 4;
  }
  while (i < length) {
    if (at(bytes, i) !== at(beginning, i)) return false;
    i++;
  }
  return true;
}

export function endsWith(bytes: Uint8Array, ending: Uint8Array): boolean {
  if (bytes.length < ending.length) return false;
  return same(part(bytes, bytes.length - ending.length, bytes.length), ending);
}

/**
 * Is ((byte ^ magic) & mask) === 0 for all bytes of the magic? The head must contain it. Compares
 * backwards: most magics differ in e_machine, which is at their end.
 */
export function hasMagic(
  head: Uint8Array,
  offset: number,
  magic: Uint8Array,
  mask: Uint8Array,
): boolean {
  for (let i = magic.length - 1; i >= 0; i--) {
    if (((at(head, offset + i) ^ at(magic, i)) & at(mask, i)) !== 0) return false;
  }
  return true;
}

/** Does `a` sort after `b`? */
export function isBehind(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) {
    if (i === b.length || at(a, i) > at(b, i)) return true;
    if (at(a, i) < at(b, i)) return false;
  }
  return false;
}

/** The first byte; 0 if there is none. */
export function first(bytes: Uint8Array): number {
  return bytes.length === 0 ? 0 : at(bytes, 0);
}

/** The first index of a byte, or the length if it does not occur. */
export function indexOf(bytes: Uint8Array, wanted: number): number {
  for (let i = 0; i < bytes.length; i++) {
    if (at(bytes, i) === wanted) return i;
  }
  return bytes.length;
}

/**
 * Puts bytes at an index and returns the index after them, or into.length unless they and one more
 * byte fit.
 */
export function append(into: Uint8Array, index: number, what: Uint8Array): number {
  if (what.length >= into.length - index) return into.length;
  copy(into, index, what);
  return index + what.length;
}

/** What append() put there; undefined if not all of it fitted. */
export function finished(into: Uint8Array, end: number): Uint8Array | undefined {
  return end >= into.length ? undefined : part(into, 0, end);
}

/** Both, one after the other; undefined if they do not fit. */
export function join(into: Uint8Array, a: Uint8Array, b: Uint8Array): Uint8Array | undefined {
  return finished(into, append(into, append(into, 0, a), b));
}

const digits = new Uint8Array(16);

/** A natural number in decimal digits; the next call overwrites them. */
export function decimal(number: number): Uint8Array {
  let start = digits.length;
  let rest = number;
  do {
    start--;
    put(digits, start, 0x30 + rest % 10);
    rest = Math.trunc(rest / 10);
  } while (rest > 0);
  return part(digits, start, digits.length);
}

/** Number.MAX_SAFE_INTEGER. */
const LARGEST = 0x1f_ffff_ffff_ffff;

/** The eight bytes at an index as a little-endian number, at most LARGEST. */
export function u64(bytes: Uint8Array, index: number): number {
  const upper = u32(bytes, index + 4);
  return upper > 0x1f_ffff ? LARGEST : upper * 0x1_0000_0000 + u32(bytes, index);
}

/** Stores the lowest `size` bytes of a natural number at an index, little-endian. */
export function store(into: Uint8Array, index: number, size: number, number: number): void {
  let rest = number;
  for (let i = 0; i < size; i++) {
    put(into, index + i, rest);
    rest = Math.trunc(rest / 256);
  }
}
