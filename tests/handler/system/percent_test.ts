import { assertEquals } from "@std/assert";
import { percentEncode } from "../../../lib/handler/system/percent.ts";
import { bytesOf, textOf } from "./world.ts";

Deno.test("percentEncode() keeps the slash and what RFC 3986 calls unreserved", () => {
  const all = Uint8Array.from({ length: 255 }, (_, i) => i + 1);
  const expected = Array.from(all, (byte) => {
    const letter = String.fromCharCode(byte);
    const digits = byte.toString(16).toUpperCase().padStart(2, "0");
    return /[A-Za-z0-9._~/-]/.test(letter) ? letter : `%${digits}`;
  });
  assertEquals(textOf(percentEncode(all)), expected.join(""));
});

Deno.test("percentEncode() is undone by decodeURIComponent()", () => {
  const path = "/a b%c\n'\"$ä€\u{1f600}~-_.";
  assertEquals(decodeURIComponent(textOf(percentEncode(bytesOf(path)))), path);
});

Deno.test("percentEncode() takes the longest path, and cuts longer ones between letters", () => {
  assertEquals(percentEncode(new Uint8Array(4096).fill(0xff)).length, 3 * 4096);
  const cut = textOf(percentEncode(new Uint8Array(5000).fill(0xff)));
  assertEquals(cut, "%FF".repeat(4096));
});
