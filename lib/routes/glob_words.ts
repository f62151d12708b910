import { printable } from "../printable.ts";
import { GLOB_BYTE } from "./format.ts";

/** A pattern of the table as it could be written; a class shows all its ranges. */
export function globWords(code: Uint8Array): string {
  let words = "";
  for (let i = 0; i < code.length; i++) {
    const byte = code[i]!;
    const special = SPECIAL.get(byte);
    if (special !== undefined) words += special;
    else if (byte === GLOB_BYTE.CLASS) {
      const end = i + 2 + 2 * (code[i + 1] ?? 0);
      words += `[${ranges(code.subarray(i + 2, end))}]`;
      i = end - 1;
    } else {
      const n = code.subarray(i + 1).findIndex((each) => each >= GLOB_BYTE.ANY);
      const literal = code.subarray(i, n < 0 ? code.length : i + 1 + n);
      words += printable(literal);
      i += literal.length - 1;
    }
  }
  return words;
}

const SPECIAL = new Map<number, string>([
  [GLOB_BYTE.ANY, "?"],
  [GLOB_BYTE.STAR, "*"],
  [GLOB_BYTE.STARS, "**"],
  [GLOB_BYTE.DIRECTORIES, "**/"],
]);

function ranges(bytes: Uint8Array): string {
  const word = (byte: number) => printable(Uint8Array.of(byte));
  let words = "";
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const [first, last] = [word(bytes[i]!), word(bytes[i + 1]!)];
    words += first === last ? first : `${first}-${last}`;
  }
  return words;
}
