import { assertEquals } from "@std/assert";
import { byteText } from "../../lib/routes/byte_text.ts";

Deno.test("byteText() has a character for each byte that TextEncoder gives", () => {
  const encoder = new TextEncoder();
  const texts = ["", "/usr/bin/qemu-x86_64", "\0\x7f", "\x80", "/опт/x", "a😀b", "\ud800", "aé"];
  for (const text of texts) {
    assertEquals(
      Uint8Array.from(byteText(text), (byte) => byte.charCodeAt(0)),
      encoder.encode(text),
    );
  }
});
