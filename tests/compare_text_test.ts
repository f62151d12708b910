import { assertEquals } from "@std/assert";
import { compareText } from "../lib/compare_text.ts";

Deno.test("compareText() sorts by code point, prefixes first", () => {
  // U+FF5E sorts before U+1F600, but after its first UTF-16 code unit.
  const sorted = ["", "a", "ab", "abc", "b", "\uff5e", "\u{1f600}", "\u{1f600}a"];
  assertEquals(sorted.toReversed().sort(compareText), sorted);
  assertEquals(sorted.map((text) => compareText(text, text)), sorted.map(() => 0));
});
