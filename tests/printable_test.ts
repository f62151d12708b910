import { assertEquals } from "@std/assert";
import { printable } from "../lib/printable.ts";

Deno.test("printable() escapes what a terminal would obey", () => {
  assertEquals(printable("a\x1b[2J\u202eé\n\x7f"), "a\\u001b[2J\\u202eé\\u000a\\u007f");
});

Deno.test("printable() escapes bytes that are not UTF-8", () => {
  assertEquals(printable(new TextEncoder().encode("/é")), "/é");
  assertEquals(printable(Uint8Array.of(0x2f, 0xff, 0x1b, 0x61)), "/\\xff\\u001ba");
});
