import { assertEquals } from "@std/assert";
import { MAX_TABLE_SIZE } from "../../lib/routes/format.ts";
import { Writer } from "../../lib/routes/writer.ts";

Deno.test("a writer writes equal items once, at multiples of four", () => {
  const out = new Writer();
  const a = out.string("abc");
  const b = out.string("é");
  assertEquals([a, b, out.string("abc"), out.string("é")], [0, 4, 0, 4]);
  assertEquals(out.numbers([1, 2]), 8);
  assertEquals(out.counted([7]), 16);
  assertEquals(out.numbers([1, 7]), 16);
  assertEquals(out.bytes("\xff\0"), 24);
  assertEquals(out.bytes("\xff\0"), 24);
  assertEquals(out.section([1, 2]), 28);
  assertEquals([...out.finish()], [
    ...[0x61, 0x62, 0x63, 0, 0xc3, 0xa9, 0, 0],
    ...[1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0],
    ...[0xff, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0],
  ]);
});

Deno.test("a writer distinguishes strings, numbers and bytes of the same text", () => {
  const out = new Writer();
  assertEquals(out.string("1,2") === out.numbers([1, 2]), false);
  assertEquals(out.string("a") === out.bytes("a"), false);
});

Deno.test("a writer leaves out a zero byte in a string", () => {
  const out = new Writer();
  out.string("a\0b");
  assertEquals([...out.finish()], [0x61, 0x62, 0]);
});

Deno.test("a writer grows to the maximum size of a table and then is full", () => {
  const out = new Writer();
  const at = out.reserve(MAX_TABLE_SIZE - 8);
  out.set(at + MAX_TABLE_SIZE - 12, 0x01020304);
  assertEquals([out.full, out.reserve(8), out.full], [false, MAX_TABLE_SIZE - 8, false]);
  assertEquals([out.reserve(1), out.full, out.size], [0, true, MAX_TABLE_SIZE]);
  out.string("more");
  assertEquals(out.finish().length, MAX_TABLE_SIZE);
});
