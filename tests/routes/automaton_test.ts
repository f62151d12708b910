import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { buildAutomaton } from "../../lib/routes/automaton.ts";
import { match } from "./match.ts";
import { matches } from "./naive_pattern.ts";

const LARGE = { states: 1_000_000, words: 4_000_000 };

function size({ states, start }: ReturnType<typeof buildAutomaton>): number {
  return states.reachable(start).length;
}

Deno.test("buildAutomaton() gives the first pattern that matches", () => {
  const unit = fc.constantFrom(..."ab*?/", "**", "[ab]", "{a,b}", "/");
  const pattern = fc.array(unit, { minLength: 1, maxLength: 5 }).map((units) =>
    `/${units.join("")}`
  );
  const path = fc.array(fc.constantFrom(..."ab/"), { minLength: 1, maxLength: 5 });
  const rules = new Set<number>();
  const property = fc.property(
    fc.array(pattern, { maxLength: 12 }),
    fc.array(path, { minLength: 8, maxLength: 8 }),
    (patterns, paths) => {
      const { states, start, refused } = buildAutomaton(patterns, LARGE);
      assertEquals(refused, []);
      for (const letters of paths) {
        const path = `/${letters.join("")}`;
        const expected = patterns.findIndex((pattern) => matches(pattern, path)) + 1;
        assertEquals(match(states, start, path), expected, path);
        rules.add(expected);
      }
    },
  );
  fc.assert(property, { seed: 20261122, numRuns: 3000 });
  assert(rules.size > 8, `only rules ${[...rules]}`);
});

Deno.test("buildAutomaton() refuses what would pass the limit, and keeps the rest", () => {
  const patterns = ["/a/b", `/${"long".repeat(20)}`, "/a/c", "/**", "/x/y"];
  const limit = { states: 30, words: 1000 };
  const automaton = buildAutomaton(patterns, limit);
  assertEquals(automaton.refused.map(({ index }) => index), [1]);
  assert(automaton.refused[0]!.why.includes("30 states"), automaton.refused[0]!.why);
  const { states, start } = automaton;
  assert(size(automaton) <= 30);
  const paths = ["/a/b", patterns[1]!, "/a/c", "/q", "/x/y"];
  assertEquals(paths.map((path) => match(states, start, path)), [1, 4, 3, 4, 4]);
});

Deno.test("buildAutomaton() adds in order of precedence: what came first stays", () => {
  const patterns = Array.from(
    { length: 40 },
    (_, i) => `/${String(i).padStart(2, "0")}-${"x".repeat(20)}`,
  );
  const automaton = buildAutomaton(patterns, { states: 250, words: 100_000 });
  const { refused } = automaton;
  const first = refused[0]!.index;
  assert(first > 5 && first < 20, `${first}`);
  assertEquals(refused.map(({ index }) => index), patterns.map((_, i) => i).slice(first));
  // One less than the limit allows would have let it in.
  const fitting = buildAutomaton(patterns.slice(0, first), LARGE);
  const next = buildAutomaton(patterns.slice(0, first + 1), LARGE);
  assert(size(fitting) <= 250 && size(next) > 250);
});

Deno.test("buildAutomaton() refuses as many words as it is told", () => {
  const { refused } = buildAutomaton(["/a", "/b*", "/c"], { states: 100, words: 16 });
  assertEquals(refused.map(({ index }) => index), [1]);
});

Deno.test("buildAutomaton() ends with hostile patterns, and simple ones before them stay", () => {
  const hostile = Array.from({ length: 60 }, (_, i) => `/**${i}a*${"?".repeat(12)}b*c`);
  const { states, start, refused } = buildAutomaton(["/usr/bin/simple", ...hostile], LARGE);
  assert(refused.length > 0);
  assertEquals(match(states, start, "/usr/bin/simple"), 1);
  assert(refused.every(({ index, why }) => index > 0 && why !== ""));
});

Deno.test("buildAutomaton() says of each pattern that it refuses why, in their order", () => {
  const { refused } = buildAutomaton(["/a", "relative", "~/b", "[/]"], LARGE);
  assertEquals(refused.map(({ index }) => index), [1, 3]);
  assertEquals(new Set(refused.map(({ why }) => why)).size, 1);
});

Deno.test("buildAutomaton() of nothing matches nothing", () => {
  assertEquals(buildAutomaton([], LARGE).start, 0);
});
