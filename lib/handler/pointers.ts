/** Arrays of addresses, such as argv and envp, and the handler's own strings for them. */
import { fail } from "./message.ts";
import { copy, part, put, storeAddress, storeWord } from "./outside.ts";

/** Bytes of an address. */
export const WORD = 8;

/** Stores the address of bytes; returns the index after it. */
export function push(into: Uint8Array, index: number, of: Uint8Array): number {
  if (index + WORD > into.length) tooLong();
  storeAddress(into, index, of);
  return index + WORD;
}

/** The same for a word: an address from the stack, or the 0 that ends an array. */
export function pushWord(into: Uint8Array, index: number, word: number): number {
  if (index + WORD > into.length) tooLong();
  storeWord(into, index, word);
  return index + WORD;
}

/** Room for a path with each byte encoded as %FF, and for the other words of a command. */
const strings = new Uint8Array(32_768);
let end = 0;

/** Forgets all strings. */
export function clear(): void {
  end = 0;
}

/** Stores two pieces as one string that ends in a zero byte. */
export function ownString(beginning: Uint8Array, rest: Uint8Array): Uint8Array {
  const start = end;
  const length = beginning.length + rest.length;
  if (length >= strings.length - start) tooLong();
  copy(strings, start, beginning);
  copy(strings, start + beginning.length, rest);
  end = start + length + 1;
  put(strings, end - 1, 0);
  return part(strings, start, end - 1);
}

export function tooLong(): never {
  fail(126, "its arguments and its environment are too long");
}
