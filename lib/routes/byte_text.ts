const encoder = new TextEncoder();
const NOT_ASCII = /[^\0-\x7f]/;

/** A text's bytes in UTF-8, as a text with one character for each. */
export function byteText(text: string): string {
  return NOT_ASCII.test(text) ? String.fromCharCode(...encoder.encode(text)) : text;
}
