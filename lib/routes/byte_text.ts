const encoder = new TextEncoder();
const NOT_ASCII = /[^\0-\x7f]/;

/** Bytes as a text with one character for each. */
export function textOfBytes(bytes: Uint8Array): string {
  // A spread would iterate over the bytes in JavaScript.
  return Reflect.apply(String.fromCharCode, undefined, bytes);
}

/** A text's bytes in UTF-8, as textOfBytes(). */
export function byteText(text: string): string {
  return NOT_ASCII.test(text) ? textOfBytes(encoder.encode(text)) : text;
}
