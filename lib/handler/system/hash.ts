import { at, put, utf8 } from "../outside.ts";

const digits = new Uint8Array(16);

/** FNV-1a with 64 bits, as sixteen digits, for a file's name. The next call overwrites it. */
export function hash(bytes: Uint8Array): Uint8Array {
  // The prime is 2⁴⁰ + PRIME; both halves have 32 bits.
  const PRIME = 0x1b3;
  const HALF = 0x1_0000_0000;
  let upper = 0xcbf29ce4;
  let lower = 0x84222325;
  for (const byte of bytes) {
    lower = (lower ^ byte) >>> 0;
    const product = lower * PRIME;
    upper = (upper * PRIME + lower * 0x100 + Math.trunc(product / HALF)) % HALF;
    lower = product % HALF;
  }
  putDigits(0, upper);
  putDigits(8, lower);
  return digits;
}

function putDigits(index: number, half: number): void {
  for (let i = 0; i < 8; i++) {
    put(digits, index + i, at(utf8("0123456789abcdef"), half >>> 28 - 4 * i & 0xf));
  }
}
