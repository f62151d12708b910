/** Makes untrusted strings safe for a terminal. */
import { UNPRINTABLE } from "./config/quote_text.ts";

const EACH = new RegExp(UNPRINTABLE, "g");
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Control characters become `\u001b`, bytes that are not UTF-8 `\xff`. */
export function printable(text: string | Uint8Array): string {
  const decoded = typeof text === "string" ? text : decode(text);
  return decoded.replace(
    EACH,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    const letter = (byte: number) =>
      byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`;
    return Array.from(bytes, letter).join("");
  }
}
