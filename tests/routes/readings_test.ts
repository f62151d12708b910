import { assertEquals } from "@std/assert";
import { globWords } from "../../lib/routes/glob_words.ts";
import { readings } from "../../lib/routes/readings.ts";

/** Each reading as text: a path as it is, a pattern after “glob”. */
function read(path: string): (string | undefined)[] {
  return [...readings(path)].map((reading) =>
    reading?.kind === "glob"
      ? `glob ${globWords(Uint8Array.from(reading.text, (letter) => letter.charCodeAt(0)))}`
      : reading?.text
  );
}

Deno.test("readings() takes a path without special characters as it is", () => {
  assertEquals(read("/a/b"), ["/a/b"]);
  assertEquals(read("~/a,}]/"), ["~/a,}]/"]);
  assertEquals(read("/é"), ["/\xc3\xa9"]);
});

Deno.test("readings() also takes a pattern literally", () => {
  assertEquals(read("/a*"), ["/a*", "glob /a*"]);
  assertEquals(read("/a?[b-d]/"), ["/a?[b-d]/", "glob /a?[b-d]/**"]);
  assertEquals(read("/[a"), ["/[a", "/[a"]);
});

Deno.test("readings() gives a path or directory if no matching is needed", () => {
  assertEquals(read("/opt/**"), ["/opt/**", "/opt/"]);
  assertEquals(read("~/a/**/**"), ["~/a/**/**", "~/a/"]);
  assertEquals(read("/b/{x,y/**}"), ["/b/{x,y/**}", "/b/x", "/b/y/"]);
  assertEquals(read("/a**"), ["/a**", "glob /a**"]);
});

Deno.test("readings() does not read the end of an alternative as a directory", () => {
  assertEquals(read("/{a/,b}"), ["/{a/,b}", "glob /a/", "/b"]);
});

Deno.test("readings() expands braces in every way", () => {
  assertEquals(read("/{a,b{c,}}{d,e}").slice(1), ["/ad", "/ae", "/bcd", "/bce", "/bd", "/be"]);
  assertEquals(read("/{*,a}{**,*}").slice(1), ["/", "glob /*", "glob /a**", "glob /a*"]);
});

Deno.test("readings() gives undefined for a pattern that matches nothing", () => {
  assertEquals(read("/[b-a]{x,y}"), ["/[b-a]{x,y}", undefined, undefined]);
  assertEquals(read("*a"), [undefined]);
  assertEquals(read("*"), [undefined]);
});

Deno.test("readings() begins a pattern of leading stars with a slash", () => {
  assertEquals(read("**"), ["/"]);
  assertEquals(read("**/a"), ["glob /**/a"]);
  assertEquals(read("**/**/a*"), ["glob /**/a*"]);
  assertEquals(read("**a"), ["glob /**a"]);
  assertEquals(read("*/a"), ["/a"]);
  assertEquals(read("*{**/b,~/c,/d}"), ["glob /**/b", undefined, "/d"]);
});
