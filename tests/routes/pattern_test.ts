import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compilePattern } from "../../lib/routes/pattern.ts";
import { States } from "../../lib/routes/states.ts";
import { match } from "./match.ts";
import { matches } from "./naive_pattern.ts";

const PATHS = [
  "/a",
  "/a/b",
  "/a/b/c",
  "/ab",
  "/a/x/b",
  "/a/x/y/b",
  "/a*",
  "/[a]",
  "/{a,b}",
  "~/a",
  "~/a/b",
];

function matched(pattern: string): string[] {
  const states = new States(1_000_000);
  const compiled = compilePattern(pattern, 1, states);
  assert("start" in compiled);
  return PATHS.filter((path) => match(states, compiled.start, path) === 1);
}

Deno.test("compilePattern() matches an exact path alone", () => {
  assertEquals(matched("/a/b"), ["/a/b"]);
});

Deno.test("compilePattern() matches all below a folder", () => {
  assertEquals(matched("/a/"), ["/a/b", "/a/b/c", "/a/x/b", "/a/x/y/b"]);
});

Deno.test("compilePattern() keeps `*`, `?` and classes within a name", () => {
  assertEquals(matched("/a/*"), ["/a/b"]);
  assertEquals(matched("/a?"), ["/ab", "/a*"]);
  assertEquals(matched("/a[!x]b"), []);
});

Deno.test("compilePattern() lets `**` cross folders, and `/**/` be one slash", () => {
  assertEquals(matched("/a**b"), ["/a/b", "/ab", "/a/x/b", "/a/x/y/b"]);
  assertEquals(matched("/a/**/b"), ["/a/b", "/a/x/b", "/a/x/y/b"]);
  assertEquals(matched("/**/**/ab"), ["/ab"]);
});

Deno.test("compilePattern() lets a glob match itself as it is written", () => {
  assertEquals(matched("/[a]"), ["/a", "/[a]"]);
  assertEquals(matched("/{a,b}"), ["/a", "/{a,b}"]);
  assertEquals(matched("/[b-a]"), []);
});

Deno.test("compilePattern() keeps apart what is below home and what is absolute", () => {
  assertEquals(matched("~/a"), ["~/a"]);
  assertEquals(matched("~/**"), ["~/a", "~/a/b"]);
  assertEquals(matched("**/b"), ["/a/b", "/a/x/b", "/a/x/y/b"]);
  assertEquals(matched("*/b"), []);
  assertEquals(matched("*/ab"), ["/ab"]);
});

Deno.test("compilePattern() refuses what matches no path, and what has too many readings", () => {
  const states = new States(10_000_000);
  for (const pattern of ["a", "", "?/a", "{/a,/b}", "~a", "[/]"]) {
    assert("refused" in compilePattern(pattern, 1, states), pattern);
  }
  assert("refused" in compilePattern(`/**a${"?".repeat(40)}`, 1, states));
  assert("refused" in compilePattern(`/${"{a,".repeat(17)}${"}".repeat(17)}`, 1, states));
  assert("start" in compilePattern(`/${"{a,".repeat(16)}${"}".repeat(16)}`, 1, states));
});

Deno.test("compilePattern() takes any text of 4096 bytes without a throw", () => {
  const states = new States(100_000_000);
  for (const unit of ["[", "{", "{a,", "*a", "**/", "[a", "}", ",", "?", "/"]) {
    const pattern = `/${unit.repeat(Math.floor(4095 / unit.length))}`;
    const compiled = compilePattern(pattern, 1, states);
    if ("start" in compiled) assertEquals(match(states, compiled.start, pattern), 1, unit);
  }
});

Deno.test("compilePattern() agrees with trying everything", () => {
  const unit = fc.constantFrom(..."aab*?[]{},/!-^~", "**", "[a-b]", "{a,b}", "/**/", "[!a]", "{,");
  const pattern = fc.array(unit, { maxLength: 7 }).map((units) => `/${units.join("")}`);
  const path = fc.array(fc.constantFrom(..."aab*?[]{},/-~"), { maxLength: 6 });
  let both = 0;
  const property = fc.property(
    pattern,
    fc.array(path, { minLength: 8, maxLength: 8 }),
    (pattern, paths) => {
      const states = new States(10_000_000);
      const compiled = compilePattern(pattern, 1, states);
      assert("start" in compiled);
      for (const path of [pattern, ...paths.map((letters) => `/${letters.join("")}`)]) {
        const expected = matches(pattern, path);
        assertEquals(match(states, compiled.start, path) === 1, expected, `${pattern} on ${path}`);
        if (expected && path !== pattern) both++;
      }
    },
  );
  fc.assert(property, { seed: 20261122, numRuns: 20_000 });
  assert(both > 2000, `only ${both} paths matched`);
});
