import { assertEquals } from "@std/assert";
import * as v from "valibot";
import * as types from "../../lib/config/value_types.ts";

function accepted(schema: v.GenericSchema, ...values: unknown[]): unknown[] {
  return values.filter((value) => v.is(schema, value));
}

Deno.test("the paths' types tell /, ~/, {XDG_DATA_HOME}/ and * apart", () => {
  const all = ["/a", "~/a", "{XDG_DATA_HOME}/a", "*/a", "**", "a", "", "~a", "~", "./a"];
  assertEquals(accepted(types.absolutePath, ...all), ["/a"]);
  assertEquals(accepted(types.homePath, ...all), ["/a", "~/a"]);
  assertEquals(accepted(types.rulePath, ...all), ["/a", "~/a", "*/a", "**"]);
  assertEquals(accepted(types.required, ...all.map((path) => [path])), [["/a"], ["~/a"], [
    "{XDG_DATA_HOME}/a",
  ]]);
});

Deno.test("paths and names have no control characters, arguments no zero bytes", () => {
  for (const bad of ["\0", "\n", "\x1b", "\x7f"]) {
    assertEquals(accepted(types.absolutePath, `/a${bad}`), []);
    assertEquals(accepted(types.rulePath, `/a${bad}`), []);
    assertEquals(accepted(types.name, `a${bad}`), []);
  }
  assertEquals(accepted(types.argument, "", "a\n\t\x1b", "\0"), ["", "a\n\t\x1b"]);
});

Deno.test("texts have no half surrogate pairs and at most 4096 characters", () => {
  assertEquals(accepted(types.argument, "\u{1f600}", "\ud83d"), ["\u{1f600}"]);
  assertEquals(
    accepted(types.absolutePath, "/" + "a".repeat(4095), "/" + "a".repeat(4096)).length,
    1,
  );
  assertEquals(accepted(types.name, "a".repeat(256), "a".repeat(257)).length, 1);
});

Deno.test("a package's name may have placeholders and end in a question mark", () => {
  const names = [
    "libc6-{debian}-cross?",
    "{machine}",
    "@x86",
    "-y",
    "x{debian",
    "a??",
    "{a b}",
    "",
  ];
  const both = (name: string) => accepted(types.packages, { apt: name }, { apt: [name] }).length;
  assertEquals(names.map(both), [2, 2, 2, 0, 0, 0, 0, 0]);
});

Deno.test("variables' names are identifiers", () => {
  const names = ["A", "_a1", "1A", "A-B", "A=B", ""];
  assertEquals(names.filter((name) => v.is(types.variables, { [name]: "x" })), ["A", "_a1"]);
});

Deno.test("lists and tables have at most 1024 items", () => {
  assertEquals(accepted(types.ids, "a", Array(1024).fill("a"), Array(1025).fill("a")).length, 2);
  const table = (n: number) =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`K${i}`, "x"]));
  assertEquals(accepted(types.variables, table(1024), table(1025)).length, 1);
});

Deno.test("whole() accepts whole numbers within its bounds, oneOf() its words", () => {
  assertEquals(accepted(types.whole(0, 9), 0, 9, -1, 10, 1.5, "1", NaN, Infinity), [0, 9]);
  assertEquals(accepted(types.oneOf("a", "b"), "a", "b", "c", "A", 1), ["a", "b"]);
});
