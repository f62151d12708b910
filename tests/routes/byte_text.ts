/**
 * Text for bytes that need not be UTF-8: U+DC80 to U+DCFF stand for the bytes 0x80 to 0xff, as
 * Python's surrogateescape has them.
 */
export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...text].flatMap((letter) => {
    const code = letter.codePointAt(0)!;
    return code >= 0xdc80 && code <= 0xdcff
      ? [code - 0xdc00]
      : [...new TextEncoder().encode(letter)];
  }));
}

/** The text's bytes, with one character for each. */
export function byteText(text: string): string {
  return String.fromCharCode(...toBytes(text));
}
