import { assert, assertEquals } from "@std/assert";
import { collectPaths } from "../../lib/routes/collect_paths.ts";
import { GLOB, MAX_GLOBS_SIZE, PATH } from "../../lib/routes/format.ts";

const ROOM = 1_000_000;
const paths = (...rules: string[]) =>
  collectPaths(rules, ROOM).paths.slice(1).map(({ text, rule }) => `${text} ${rule}`);

Deno.test("collectPaths() sorts by bytes, and knows the longest folder around each", () => {
  const rules = ["/a/b/c", "/a/b/", "/a-b", "/é", "/a/b/d/e", "/a/", "/z"];
  const found = collectPaths(rules, ROOM).paths;
  assertEquals(found.map(({ text }) => text), [
    ...["", "/a-b", "/a/", "/a/b/", "/a/b/c", "/z", "/\xc3\xa9"],
  ]);
  assertEquals(found.map(({ around }) => found[around]!.text), [
    "",
    "",
    "",
    "/a/",
    "/a/b/",
    "",
    "",
  ]);
});

Deno.test("collectPaths() leaves out what a folder hides, and what an earlier rule has", () => {
  assertEquals(paths("/a/b", "/a/", "/a/c", "/a/d/", "/a/b"), ["/a/ 2", "/a/b 1"]);
  assertEquals(paths("/a/**", "/a/"), ["/a/ 1"]);
  const { globs } = collectPaths(["/a*", "/b*", "/{a,c}*"], ROOM);
  assertEquals(globs.map(({ rule }) => rule), [1, 2, 3]);
});

/** Braces that stand for 2 to the power of n paths. */
const braces = (n: number) => "{a,b}".repeat(n);

Deno.test("collectPaths() refuses braces that stand for too much, and keeps the rest", () => {
  const { paths, refused } = collectPaths(["/a", `/${braces(10)}`, `/${braces(9)}`, "/c"], ROOM);
  assertEquals(refused, [{ index: 1, why: "its braces stand for more than 1000 paths" }]);
  assertEquals(paths.filter(({ rule }) => rule === 3).length, 2 ** 9 + 1);
  assertEquals(paths.find(({ text }) => text === "/c")?.rule, 4);
});

Deno.test("collectPaths() counts braces that match nothing, too", () => {
  assertEquals(collectPaths([`/[b-a]${braces(10)}`], ROOM).refused.length, 1);
});

Deno.test("collectPaths() refuses braces from where all together stand for too much", () => {
  const many = Array.from({ length: 42 }, (_, i) => `/${i}${braces(9)}`);
  const { refused } = collectPaths([...many, "/{a,b}", "/c", "/c*"], 10 * ROOM);
  // Each has 511 more than one without braces.
  assertEquals(refused.map(({ index }) => index), [39, 40, 41, 42]);
  assertEquals(refused[0]!.why, "with it all braces would stand for more than 20000 paths");
});

Deno.test("collectPaths() refuses patterns from where all together take too many bytes", () => {
  const pattern = (size: number) => `/${"x".repeat(size - GLOB.end - 2)}*`;
  const rules = [pattern(MAX_GLOBS_SIZE - 1000), pattern(1001), "/a", pattern(600), pattern(400)];
  const { globs, refused } = collectPaths(rules, ROOM);
  assertEquals(globs.map(({ rule }) => rule), [1, 4, 5]);
  const why = `with it all patterns would take more than ${MAX_GLOBS_SIZE} bytes`;
  assertEquals(refused, [{ index: 1, why }]);
  assertEquals(collectPaths([...rules, "/b*"], ROOM).refused.length, 2);
});

Deno.test("collectPaths() refuses what finds no room, and keeps the rest", () => {
  const room = 3 * PATH.end + "/long".length + "/s".length;
  assertEquals(collectPaths(["/long", "/s"], room).refused, []);
  const { paths, refused } = collectPaths(["/long", "/lo", "/s"], room);
  assertEquals(refused.map(({ index }) => index), [1]);
  assert(refused[0]!.why.startsWith("with it the table would take"));
  assertEquals(paths.map(({ rule }) => rule), [0, 1, 3]);
});

Deno.test("collectPaths() ends soon with hostile rules, and simple ones stay", () => {
  const nested = `/${"{a,".repeat(1300)}${"}".repeat(1300)}`;
  const long = `/${braces(16)}${"x".repeat(4000)}`;
  const hostile = Array.from({ length: 1000 }, (_, i) => i % 2 === 0 ? nested : long);
  const { paths, refused } = collectPaths(["/a", ...hostile, "/b"], ROOM);
  assertEquals(refused.length, hostile.length);
  assertEquals(paths.map(({ text }) => text), ["", "/a", "/b"]);
});
