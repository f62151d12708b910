import { assertEquals } from "@std/assert";
import * as v from "valibot";
import { placeholdersOf, wordsInBraces } from "../../lib/config/placeholders.ts";
import { TABLES } from "../../lib/config/schema.ts";

Deno.test("wordsInBraces() finds each word once, in tables and lists too", () => {
  assertEquals(wordsInBraces(["-0", "{argv0}", "{x-y}", "x{x-y}{machine}"]), [
    "argv0",
    "x-y",
    "machine",
  ]);
  assertEquals(wordsInBraces({ A: [["{HOME}/{gnu}"]], B: { default: "{b}" } }), [
    "HOME",
    "gnu",
    "b",
  ]);
});

Deno.test("wordsInBraces() ignores what is not a word", () => {
  assertEquals(wordsInBraces(["{}", "{a b}", "{1}", "{", "/x/{a,b}", true]), []);
});

Deno.test("the schema declares each placeholder that a description says is replaced", () => {
  const described: string[] = [];
  for (const [section, keys] of Object.entries(TABLES)) {
    for (const [key, schema] of Object.entries<v.GenericSchema>(keys)) {
      const inner = "wrapped" in schema ? schema.wrapped as v.GenericSchema : schema;
      const [sentence] = /[^.]*(?:are replaced|stand for)/.exec(v.getDescription(inner) ?? "") ??
        [];
      const words = wordsInBraces(sentence);
      if (words.length > 0) described.push(key);
      const known = placeholdersOf(schema);
      assertEquals(words.filter((word) => !known.includes(word)), [], `${section}.${key}`);
    }
  }
  const expected = ["path", "args", "env", "sysroot", "required_paths", "packages"];
  assertEquals(described, expected);
});
