import { assertEquals } from "@std/assert";
import { MARKER } from "../../lib/routes/format.ts";
import { templateWords } from "../../lib/routes/template_words.ts";

const words = (...bytes: number[]) => templateWords(new Uint8Array(bytes));

Deno.test("templateWords() has a word for every marker", () => {
  const markers = Object.values(MARKER).filter((marker) => marker !== MARKER.END);
  assertEquals(new Set(markers.map((marker) => words(marker))).size, markers.length);
  assertEquals(words(0x2d, MARKER.ARGV0, 0xc3, 0xa9), "-{argv0}é");
});

Deno.test("templateWords() quotes an empty item and escapes what a terminal would obey", () => {
  assertEquals(words(), '""');
  assertEquals(words(0x1b, 0x5b), "\\u001b[");
});
