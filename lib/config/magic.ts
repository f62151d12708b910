/**
 * Magic numbers as text: ASCII, `\xNN` for any byte and `\\` for a backslash, as binfmt.d writes
 * them.
 */

const WELL_FORMED = /^(?:[\x20-\x5b\x5d-\x7e]|\\x[0-9a-fA-F]{2}|\\\\)+$/;
const ITEM = /\\x([0-9a-fA-F]{2})|\\(\\)|(.)/g;

/** The bytes, or undefined if the text does not have that form. */
export function parseMagic(text: string): Uint8Array | undefined {
  if (!WELL_FORMED.test(text)) return undefined;
  const bytes = Array.from(
    text.matchAll(ITEM),
    ([, hex, backslash, plain]) =>
      hex === undefined ? (backslash ?? plain)!.charCodeAt(0) : parseInt(hex, 16),
  );
  return new Uint8Array(bytes);
}
