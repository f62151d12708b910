import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { buildAutomaton } from "../../lib/routes/automaton.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { EDGE, STATE } from "../../lib/routes/format.ts";
import { Table } from "../../lib/routes/table.ts";
import { writeAutomaton } from "../../lib/routes/write_automaton.ts";
import { Writer } from "../../lib/routes/writer.ts";
import { match } from "./match.ts";
import { effective, rule, smallConfig } from "./small_config.ts";

Deno.test("writeAutomaton() writes the start first, with its edges as the format has them", () => {
  const out = new Writer();
  out.reserve(8);
  const start = writeAutomaton(out, buildAutomaton(["/a"], { states: 10, words: 100 }));
  assertEquals(start, 8);
  const view = new DataView(out.finish().buffer);
  const at = (offset: number) => view.getUint32(offset, true);
  assertEquals([at(start + STATE.rule), at(start + STATE.n)], [0, 1]);
  assertEquals(at(start + STATE.edges + EDGE.range), 0x2f2f);
  const end = at(at(start + STATE.edges + EDGE.next) + STATE.edges + EDGE.next);
  assertEquals([at(end + STATE.rule), at(end + STATE.n)], [1, 0]);
});

Deno.test("writeAutomaton() writes 0 where no pattern is", () => {
  assertEquals(writeAutomaton(new Writer(), buildAutomaton([], { states: 1, words: 1 })), 0);
});

Deno.test("what is written matches as what was built", () => {
  const unit = fc.constantFrom(..."ab*/", "**", "[ab]", "{a,ba}", "é");
  const pattern = fc.array(unit, { minLength: 1, maxLength: 6 }).map((units) =>
    `/${units.join("")}`
  );
  const path = fc.array(fc.constantFrom(..."ab/é"), { minLength: 1, maxLength: 6 });
  let matched = 0;
  const property = fc.property(
    fc.array(pattern, { minLength: 1, maxLength: 9 }),
    fc.array(path, { minLength: 5, maxLength: 5 }),
    (patterns, paths) => {
      const built = buildAutomaton(patterns, { states: 1_000_000, words: 1_000_000 });
      const config = smallConfig({ rules: patterns.map((pattern) => rule(pattern, "x")) });
      const compiled = compileRoutes(effective(config));
      assert(compiled.ok);
      const table = Table.read(compiled.value.table);
      assert(table.ok);
      for (const letters of paths) {
        const path = `/${letters.join("")}`;
        const expected = match(built.states, built.start, path);
        assertEquals(table.value.match(new TextEncoder().encode(path)), expected);
        if (expected > 0) matched++;
      }
    },
  );
  fc.assert(property, { seed: 20261122, numRuns: 500 });
  assert(matched > 200, `only ${matched} paths matched`);
});
