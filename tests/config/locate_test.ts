import { assertEquals } from "@std/assert";
import { parse } from "@std/toml";
import fc from "fast-check";
import { locate } from "../../lib/config/locate.ts";

Deno.test("locate() finds tables, keys, dotted keys, inline tables and list items", async () => {
  const lines = await locate(`# comment
[interpreters.a]
path = [
  "/x",
  "/y",
]
packages = { dnf = ["p"] }

[binaries]
"b c".path = "/z"
`);
  assertEquals(lines.line(["interpreters"]), 2);
  assertEquals(lines.line(["interpreters", "a", "path"]), 3);
  assertEquals(lines.line(["interpreters", "a", "path", 1]), 5);
  assertEquals(lines.line(["interpreters", "a", "packages", "dnf", 0]), 7);
  assertEquals(lines.line(["binaries", "b c"]), 10);
  assertEquals(lines.line(["binaries", "b c", "path"]), 10);
});

Deno.test("locate() gives a missing key its table's line, and a missing table 0", async () => {
  const lines = await locate("\n[a]\nb = 1\n");
  assertEquals(lines.line(["a", "c", 3]), 2);
  assertEquals(lines.line(["x"]), 0);
  assertEquals(lines.line([]), 0);
});

Deno.test("locate() tells where a text stops being TOML", async () => {
  assertEquals((await locate("a = 1\n[a]\n")).errorLine, 2);
  assertEquals((await locate("a = 1\n")).errorLine, undefined);
  assertEquals((await locate("a = " + "[".repeat(200_000))).errorLine !== undefined, true);
});

/** Every path that leads to a value, as the parser of the hot path sees it. */
function paths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value)) return [path, ...value.flatMap((item, i) => paths(item, [...path, i]))];
  if (typeof value !== "object" || value === null || value instanceof Date) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => paths(item, [...path, key]))];
}

const KEY = fc.constantFrom("a", "b", '"c d"', "'e'", "1", "a.b", '"é\\n"');
const VALUE = fc.constantFrom(
  "1",
  '"x"',
  "'''\ny'''",
  "[1,\n 2]",
  "[[1], []]",
  "{ a = 1, b.c = [2] }",
  "true",
  "2000-01-01",
  "{}",
  "0x1f",
  "[\n]",
  '"""\n[a]\n"""',
  "{ a = {\n b = 1 } }",
  "1e3",
  "[1 2]",
  "01",
  '"\\q"',
);
const LINE = fc.oneof(
  fc.tuple(KEY, VALUE).map(([key, value]) => `${key} = ${value}`),
  KEY.map((key) => `[${key}]`),
  KEY.map((key) => `[x.${key}] # comment`),
  fc.constantFrom("", "# comment", "  ", "[", "a =", "= 1", "a b = 1"),
);

Deno.test("locate() and the other parser agree on what is TOML, and on its keys", async () => {
  let valid = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(LINE, { maxLength: 6 }),
      fc.constantFrom("\n", "\r\n"),
      async (all, end) => {
        const text = all.join(end);
        let table: unknown;
        try {
          table = parse(text);
        } catch {
          table = undefined;
        }
        const lines = await locate(text);
        assertEquals(lines.errorLine === undefined, table !== undefined, JSON.stringify(text));
        if (table === undefined) return;
        valid++;
        for (const path of paths(table).slice(1)) {
          const line = lines.line(path);
          assertEquals(
            line >= 1 && line <= text.split("\n").length,
            true,
            JSON.stringify([text, path]),
          );
        }
      },
    ),
    { seed: 20261122, numRuns: 3000 },
  );
  assertEquals(valid > 500, true, `${valid} of the texts were TOML`);
});
