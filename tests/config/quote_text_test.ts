import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/toml";
import fc from "fast-check";
import { quoteText, UNPRINTABLE } from "../../lib/config/quote_text.ts";

Deno.test("quoteText() writes what TOML and JSON read back, printable", () => {
  assertEquals(quoteText('a"\\\n\x7f\x9b\u202e'), '"a\\"\\\\\\n\\u007f\\u009b\\u202e"');
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const quoted = quoteText(text);
      assertEquals(JSON.parse(quoted), text);
      assertEquals(parse(`a = ${quoted}`)["a"], text);
      assert(!UNPRINTABLE.test(quoted));
    }),
    { seed: 20261122, numRuns: 1000 },
  );
});
