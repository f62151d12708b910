import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/toml";
import fc from "fast-check";
import { tomlLine } from "../../lib/config/toml_value.ts";

Deno.test("tomlLine() writes what a TOML parser reads back", () => {
  const text = fc.string({ unit: "binary", maxLength: 60 });
  const value = fc.oneof(
    text,
    fc.boolean(),
    fc.integer(),
    fc.array(text, { maxLength: 30 }),
    fc.array(fc.array(text)),
    fc.dictionary(
      fc.string().filter((name) => name !== "__proto__"),
      fc.oneof(text, fc.array(text)),
    ),
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), value, (name, value) => {
      const parsed = parse(tomlLine(name, value, "from here"));
      assertEquals(JSON.stringify(parsed[name]), JSON.stringify(value));
    }),
    { seed: 20261122, numRuns: 2000 },
  );
});

Deno.test("tomlLine() names the origin, and wraps long lists within the width", () => {
  assertEquals(tomlLine("a", ["x"], "f:1"), 'a = ["x"]  # f:1\n');
  const lines = tomlLine("a", Array(50).fill("word"), "f:1").split("\n");
  assertEquals(lines[0], "a = [  # f:1");
  assert(lines.length > 3 && lines.every((line) => line.length <= 100));
});
