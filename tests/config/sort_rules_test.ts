import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Rule } from "../../lib/config/config.ts";
import { sortRules } from "../../lib/config/sort_rules.ts";

const rule = (id: string, path: string, layer = 0): Rule => ({
  id,
  path,
  interpreter: ["x"],
  layer,
});
const order = (...rules: Rule[]) => sortRules(rules).map(({ id, path }) => `${id} ${path}`);

Deno.test("sortRules() puts the higher layer first, whatever the paths are", () => {
  assertEquals(order(rule("a", "/usr/bin/x", 0), rule("b", "/**", 1)), ["b /**", "a /usr/bin/x"]);
});

Deno.test("sortRules() puts an exact path before patterns and directories", () => {
  const sorted = order(rule("a", "/opt/games/long/"), rule("b", "/opt/games/lo*"), rule("c", "/a"));
  assertEquals(sorted, ["c /a", "a /opt/games/long/", "b /opt/games/lo*"]);
});

Deno.test("sortRules() treats a path with pattern characters as a pattern", () => {
  assertEquals(order(rule("a", "/x[1]"), rule("b", "/y")), ["b /y", "a /x[1]"]);
  assertEquals(order(rule("a", "/xyz]}"), rule("b", "/y")), ["a /xyz]}", "b /y"]);
});

Deno.test("sortRules() counts a literal prefix in bytes", () => {
  assertEquals(order(rule("a", "/abc*"), rule("b", "/éé*")), ["b /éé*", "a /abc*"]);
});

Deno.test("sortRules() sorts equals by ID and path", () => {
  assertEquals(order(rule("b", "/x"), rule("a", "/y")), ["a /y", "b /x"]);
  assertEquals(order(rule("a", "/y"), rule("a", "/x")), ["a /x", "a /y"]);
});

Deno.test("sortRules() does not depend on the order before", () => {
  const paths = fc.constantFrom("/a", "/b", "/a/", "/a*", "/ab*", "~/a", "**/a", "/é?", "/a[x]");
  const ids = fc.constantFrom("a", "b", "\uff5e", "\u{1f600}");
  const rules = fc.uniqueArray(
    fc.record({ id: ids, path: paths, layer: fc.nat(2) }),
    { selector: ({ id, path, layer }) => `${id} ${path} ${layer}` },
  );
  fc.assert(
    fc.property(rules, fc.infiniteStream(fc.nat()), (given, random) => {
      const all = given.map(({ id, path, layer }) => rule(id, path, layer));
      const shuffled = all.map((each) => ({ each, at: random.next().value as number }))
        .sort((a, b) => a.at - b.at).map(({ each }) => each);
      assertEquals(sortRules(shuffled), sortRules(all));
      assert(
        sortRules(all).every((each, i, sorted) => i === 0 || sorted[i - 1]!.layer >= each.layer),
      );
    }),
    { seed: 20261122, numRuns: 500 },
  );
});
