import { assert, assertEquals } from "@std/assert";
import { collectPaths } from "../../lib/routes/collect_paths.ts";
import { globWords } from "../../lib/routes/glob_words.ts";
import { GLOB, MAX_GLOBS_SIZE, PATH, ruleOf } from "../../lib/routes/format.ts";

const ROOM = 1_000_000;
const collect = (paths: readonly string[], room = ROOM) =>
  collectPaths(paths.map((path) => ({ path })), room);
const paths = (...rules: string[]) =>
  collect(rules).paths.slice(1).map(({ text, rank }) => `${text} ${ruleOf(rank)}`);

Deno.test("collectPaths() sorts by bytes and finds each path's longest enclosing directory", () => {
  const rules = ["/a/b/c", "/a/b/", "/a-b", "/é", "/a/b/d/e", "/a/", "/z"];
  const found = collect(rules).paths;
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

Deno.test("collectPaths() leaves out paths that an earlier rule covers", () => {
  assertEquals(paths("/a/b", "/a/", "/a/c", "/a/d/", "/a/b"), ["/a/ 2", "/a/b 1"]);
  assertEquals(paths("/a/**", "/a/"), ["/a/ 1"]);
  const { globs } = collect(["/a*", "/b*", "/{a,c}*"]);
  assertEquals(globs.map(({ rank }) => ruleOf(rank)), [1, 2, 3]);
});

/** Braces that expand to 2 to the power of n paths. */
const braces = (n: number) => "{a,b}".repeat(n);

Deno.test("collectPaths() refuses a path whose braces expand to too many paths", () => {
  const { paths, refused } = collect(["/a", `/${braces(10)}`, `/${braces(9)}`, "/c"]);
  assertEquals(refused, [{ index: 1, why: "its braces expand to more than 1000 paths" }]);
  assertEquals(paths.filter(({ rank }) => ruleOf(rank) === 3).length, 2 ** 9 + 1);
  assertEquals(paths.find(({ text }) => text === "/c")?.rank, 8);
});

Deno.test("collectPaths() also counts braces that match nothing", () => {
  assertEquals(collect([`/[b-a]${braces(10)}`]).refused.length, 1);
});

Deno.test("collectPaths() refuses further braces if all together expand to too many", () => {
  const many = Array.from({ length: 42 }, (_, i) => `/${i}${braces(9)}`);
  const { refused } = collect([...many, "/{a,b}", "/c", "/c*"], 10 * ROOM);
  // Each has 511 paths more than one without braces.
  assertEquals(refused.map(({ index }) => index), [39, 40, 41, 42]);
  assertEquals(refused[0]!.why, "with it, all braces would expand to more than 20000 paths");
});

Deno.test("collectPaths() refuses a pattern if all together take too many bytes", () => {
  const pattern = (size: number) => `/${"x".repeat(size - GLOB.end - 2)}*`;
  const rules = [pattern(MAX_GLOBS_SIZE - 1000), pattern(1001), "/a", pattern(600), pattern(400)];
  const { globs, refused } = collect(rules);
  assertEquals(globs.map(({ rank }) => ruleOf(rank)), [1, 4, 5]);
  const why = `with it, all patterns would take more than ${MAX_GLOBS_SIZE} bytes`;
  assertEquals(refused, [{ index: 1, why }]);
  assertEquals(collect([...rules, "/b*"]).refused.length, 2);
});

Deno.test("collectPaths() refuses a path that does not fit, and keeps the rest", () => {
  const room = 3 * PATH.end + "/long".length + "/s".length;
  assertEquals(collect(["/long", "/s"], room).refused, []);
  const { paths, refused } = collect(["/long", "/lo", "/s"], room);
  assertEquals(refused.map(({ index }) => index), [1]);
  assert(refused[0]!.why.startsWith("with it, all paths would take"));
  assertEquals(paths.map(({ rank }) => ruleOf(rank)), [0, 1, 3]);
});

Deno.test("collectPaths() refuses hostile rules quickly and keeps simple ones", () => {
  const nested = `/${"{a,".repeat(1300)}${"}".repeat(1300)}`;
  const long = `/${braces(16)}${"x".repeat(4000)}`;
  const hostile = Array.from({ length: 1000 }, (_, i) => i % 2 === 0 ? nested : long);
  const { paths, refused } = collect(["/a", ...hostile, "/b"]);
  assertEquals(refused.length, hostile.length);
  assertEquals(paths.map(({ text }) => text), ["", "/a", "/b"]);
});

/** Paths, patterns in words, and patterns below home, each with its rank. */
function collected(...rules: { path: string; leads_to?: string }[]) {
  const { paths, globs, homes } = collectPaths(rules, ROOM);
  const words = (code: string) => globWords(Uint8Array.from(code, (byte) => byte.charCodeAt(0)));
  return [
    ...paths.slice(1).map(({ text, rank }) => `${text} ${rank}`),
    ...globs.map(({ code, rank }) => `${words(code)} ${rank}`),
    ...homes.map(({ part, code, rank }) => `~${part} ${words(code)} ${rank}`),
  ];
}

Deno.test("collectPaths() ranks a rule's path as written before its links' targets", () => {
  assertEquals(collected({ path: "/opt/games/", leads_to: "/data" }, { path: "/data/" }), [
    ...["/data/ 3", "/opt/games/ 2"],
  ]);
  assertEquals(collected({ path: "/l/{a,b*}", leads_to: "/é[*" }, { path: "/x", leads_to: "/" }), [
    ...["/l/a 2", "/l/{a,b*} 2", "/x 4", "/\xc3\xa9[*/a 3", "/\xc3\xa9[*/{a,b*} 3"],
    ...["/l/b* 2", "/é[*/b* 3"],
  ]);
  assertEquals(collected({ path: "/l/**", leads_to: "/" }, { path: "/l/*x", leads_to: "/" }), [
    ...["/ 3", "/l/ 2", "/l/*x 4", "/*x 5"],
  ]);
});

Deno.test("collectPaths() keeps patterns in the order of their ranks", () => {
  const rules = [{ path: "/l/{a,b}*", leads_to: "/k" }, { path: "/k/a*" }];
  assertEquals(collected(...rules).slice(3), ["/l/a* 2", "/l/b* 2", "/k/a* 3", "/k/b* 3"]);
});

Deno.test("collectPaths() splits paths below home whose links the handler follows", () => {
  const all = ["~/z/x", "~/a/", "~/a/**/b", "~/a/{c,d?}"].map((path) => (
    { path, leads_to: path === "~/z/x" ? path : "~/a" }
  ));
  assertEquals(collected(...all).filter((each) => !/^~[^ ]* \d+$/.test(each)), [
    ...["~/a /** 5", "~/a /**/b 7", "~/a /**/b 7", "~/a /{c,d?} 9", "~/a /c 9", "~/a /d? 9"],
    "~/z/x  3",
  ]);
});
