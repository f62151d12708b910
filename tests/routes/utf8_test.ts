import { assertEquals } from "@std/assert";
import { utf8 } from "../../lib/routes/utf8.ts";

Deno.test("utf8() gives the bytes that TextEncoder gives", () => {
  const encoder = new TextEncoder();
  const texts = ["", "/usr/bin/qemu-x86_64", "\0\x7f", "\x80", "/опт/x", "a😀b", "\ud800", "aé"];
  for (const text of texts) assertEquals(utf8(text), encoder.encode(text));
});
