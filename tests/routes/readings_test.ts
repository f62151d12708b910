import { assertEquals } from "@std/assert";
import { globWords } from "../../lib/routes/glob_words.ts";
import { readings } from "../../lib/routes/readings.ts";

/** Each reading in words: paths as they are, patterns behind a `~`-less mark. */
function read(path: string): (string | undefined)[] {
  return [...readings(path)].map((reading) =>
    reading?.kind === "glob"
      ? `glob ${globWords(Uint8Array.from(reading.text, (letter) => letter.charCodeAt(0)))}`
      : reading?.text
  );
}

Deno.test("readings() takes what has no special characters as it is", () => {
  assertEquals(read("/a/b"), ["/a/b"]);
  assertEquals(read("~/a,}]/"), ["~/a,}]/"]);
  assertEquals(read("/é"), ["/\xc3\xa9"]);
});

Deno.test("readings() takes a pattern also as it is written", () => {
  assertEquals(read("/a*"), ["/a*", "glob /a*"]);
  assertEquals(read("/a?[b-d]/"), ["/a?[b-d]/", "glob /a?[b-d]/**"]);
  assertEquals(read("/[a"), ["/[a", "/[a"]);
});

Deno.test("readings() takes what needs no matching for a path or directory", () => {
  assertEquals(read("/opt/**"), ["/opt/**", "/opt/"]);
  assertEquals(read("~/a/**/**"), ["~/a/**/**", "~/a/"]);
  assertEquals(read("/b/{x,y/**}"), ["/b/{x,y/**}", "/b/x", "/b/y/"]);
  assertEquals(read("/a**"), ["/a**", "glob /a**"]);
});

Deno.test("readings() does not take the end of an alternative for a directory", () => {
  assertEquals(read("/{a/,b}"), ["/{a/,b}", "glob /a/", "/b"]);
});

Deno.test("readings() goes each way through the braces", () => {
  assertEquals(read("/{a,b{c,}}{d,e}").slice(1), ["/ad", "/ae", "/bcd", "/bce", "/bd", "/be"]);
  assertEquals(read("/{*,a}{**,*}").slice(1), ["/", "glob /*", "glob /a**", "glob /a*"]);
});

Deno.test("readings() gives nothing for what matches nothing", () => {
  assertEquals(read("/[b-a]{x,y}"), ["/[b-a]{x,y}", undefined, undefined]);
  assertEquals(read("*a"), [undefined]);
  assertEquals(read("*"), [undefined]);
});

Deno.test("readings() has patterns that begin with stars begin with a slash", () => {
  assertEquals(read("**"), ["/"]);
  assertEquals(read("**/a"), ["glob /**/a"]);
  assertEquals(read("**/**/a*"), ["glob /**/a*"]);
  assertEquals(read("**a"), ["glob /**a"]);
  assertEquals(read("*/a"), ["/a"]);
  assertEquals(read("*{**/b,~/c,/d}"), ["glob /**/b", undefined, "/d"]);
});
