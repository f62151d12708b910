import { assertEquals } from "@std/assert";
import { parseMagic } from "../../lib/config/magic.ts";

Deno.test("parseMagic() reads ASCII, \\xNN and \\\\", () => {
  assertEquals(parseMagic("MZ"), new Uint8Array([0x4d, 0x5a]));
  assertEquals(parseMagic("\\x7fELF\\xFF"), new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0xff]));
  assertEquals(parseMagic("\\x00\\x0a\\\\x"), new Uint8Array([0, 10, 0x5c, 0x78]));
});

Deno.test("parseMagic() refuses wrong escapes, other characters and an empty text", () => {
  for (const text of ["", "\\x7", "\\xzz", "\\n", "a\\", "é", "a\nb", "\x7f"]) {
    assertEquals(parseMagic(text), undefined, text);
  }
});
