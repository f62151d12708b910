import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { parse } from "@std/toml";

Deno.test("parse() gives plain objects, arrays, strings, numbers and booleans", () => {
  const text = `
a = "x\\u00e9" # comment
b.c = [1, 0x10, 0o17, 0b11, 1_000, -2, 1.5, inf]
[t."x.y"]
d = { e = true, f = 'C:\\raw' }
[[list]]
n = 1
[[list]]
n = 2
`;
  const table = parse(text);
  assertEquals(table, {
    a: "xé",
    b: { c: [1, 16, 15, 3, 1000, -2, 1.5, Infinity] },
    t: { "x.y": { d: { e: true, f: "C:\\raw" } } },
    list: [{ n: 1 }, { n: 2 }],
  });
  assertEquals(Object.getPrototypeOf(table), Object.prototype);
});

Deno.test("parse() gives numbers for integers of any size", () => {
  assertEquals(parse("a = 9007199254740993"), { a: 9007199254740992 });
});

Deno.test("parse() gives Date for dates, and strings for local times", () => {
  const table = parse(`
offset = 1979-05-27T00:32:00.5-07:00
local = 1979-05-27T07:32:00
date = 1979-05-27
time = 07:32:00
fraction = 07:32:00.5
`);
  assertEquals(table, {
    offset: new Date("1979-05-27T07:32:00.500Z"),
    local: new Date("1979-05-27T07:32:00"),
    date: new Date("1979-05-27"),
    time: "07:32:00",
    fraction: "07:32:00.5",
  });
  assertEquals(Object.getPrototypeOf(table["offset"]), Date.prototype);
});

Deno.test("parse() accepts CRLF line ends", () => {
  assertEquals(parse('a = 1\r\n[b]\r\nc = """x\r\ny"""\r\n')["a"], 1);
});

Deno.test("parse() throws a SyntaxError with the line", () => {
  const line = (text: string) => assertThrows(() => parse(text), SyntaxError).message;
  assertMatch(line("a = 1\nb = = 2\n"), /^Parse error on line 2, column \d+: /);
  assertMatch(line("a = [1,\n"), /^Parse error on line \d+, column \d+: /);
  assertMatch(line("\n\n[x\n"), /^Parse error on line 3, column \d+: /);
});

Deno.test("parse() rejects a table that is defined twice", () => {
  assertThrows(() => parse("[a]\nb = 1\n[a]\nc = 2\n"), SyntaxError);
});
