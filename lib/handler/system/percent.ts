import { PATH_MAX } from "../linux.ts";
import { at, part, put, utf8 } from "../outside.ts";

const encoded = new Uint8Array(3 * PATH_MAX);

/**
 * A path with all but unreserved characters and slashes as %XX, since Deno accepts only arguments
 * in UTF-8. A path of more than PATH_MAX bytes is cut; the next call overwrites the result.
 */
export function percentEncode(path: Uint8Array): Uint8Array {
  let end = 0;
  for (const byte of path) {
    if (end + 3 > encoded.length) break;
    if (isPlain(byte)) {
      put(encoded, end, byte);
      end++;
    } else {
      end = percentByte(encoded, end, byte);
    }
  }
  return part(encoded, 0, end);
}

/** Stores a byte as %XX; returns the index after it. */
export function percentByte(into: Uint8Array, index: number, byte: number): number {
  const digits = utf8("0123456789ABCDEF");
  put(into, index, 0x25);
  put(into, index + 1, at(digits, byte >>> 4));
  put(into, index + 2, at(digits, byte & 0xf));
  return index + 3;
}

/** Unreserved characters (https://www.rfc-editor.org/rfc/rfc3986#section-2.3) and the slash. */
function isPlain(byte: number): boolean {
  const isLetter = byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a;
  // 0x2d to 0x39: - . / and the digits; 0x5f: _; 0x7e: ~
  return isLetter || byte >= 0x2d && byte <= 0x39 || byte === 0x5f || byte === 0x7e;
}
