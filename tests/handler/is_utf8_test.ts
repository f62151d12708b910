import { assertEquals } from "@std/assert";
import { isUtf8 } from "../../lib/handler/is_utf8.ts";

const decoder = new TextDecoder();

/** WHATWG's decoder yields U+FFFD for what RFC 3629 forbids; no test case contains U+FFFD. */
function isDecodable(bytes: Uint8Array): boolean {
  return !decoder.decode(bytes).includes("\ufffd");
}

Deno.test("isUtf8() agrees with a decoder on all first two bytes, whatever follows", () => {
  const TAILS = [[], [0x41], [0x80], [0xbf, 0x80], [0xc0], [0x80, 0x41], [0x80, 0x80, 0x80]];
  for (let lead = 0; lead < 256; lead++) {
    for (let second = 0; second < 256; second++) {
      for (const tail of TAILS) {
        const bytes = Uint8Array.from([lead, second, ...tail]);
        if (isUtf8(bytes) !== isDecodable(bytes)) {
          assertEquals(isUtf8(bytes), isDecodable(bytes), `${bytes}`);
        }
      }
    }
    const alone = Uint8Array.from([0x61, lead]);
    assertEquals(isUtf8(alone), isDecodable(alone), `${alone}`);
  }
  assertEquals(isUtf8(new Uint8Array(0)), true);
});
