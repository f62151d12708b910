import { assertEquals } from "@std/assert";
import { parse } from "@std/toml";
import fc from "fast-check";
import { type AST, parseTOML } from "toml-eslint-parser";
import { Lines } from "../../lib/config/lines.ts";

Deno.test("Lines finds tables, keys, dotted keys, inline tables and list items", () => {
  const lines = new Lines(`# comment
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

Deno.test("Lines returns the table's line for a missing key, and 0 for a missing table", () => {
  const lines = new Lines("\n[a]\nb = 1\n");
  assertEquals(lines.line(["a", "c", 3]), 2);
  assertEquals(lines.line(["x"]), 0);
  assertEquals(lines.line([]), 0);
});

type Path = readonly (string | number)[];

/** Each path to a value, and its line by a parser that keeps all positions. */
function reference(text: string): [Path, number][] {
  const found: [Path, number][] = [];
  const keysOf = ({ keys }: AST.TOMLKey) =>
    keys.map((key) => key.type === "TOMLBare" ? key.name : key.value);
  const pair = (node: AST.TOMLKeyValue, table: Path) => {
    const keys = keysOf(node.key);
    keys.forEach((_, i) => found.push([[...table, ...keys.slice(0, i + 1)], node.loc.start.line]));
    value(node.value, [...table, ...keys]);
  };
  const value = (node: AST.TOMLContentNode, path: Path) => {
    if (node.type === "TOMLInlineTable") node.body.forEach((each) => pair(each, path));
    if (node.type !== "TOMLArray") return;
    node.elements.forEach((element, i) => {
      found.push([[...path, i], element.loc.start.line]);
      value(element, [...path, i]);
    });
  };
  for (const node of parseTOML(text, { tomlVersion: "1.1" }).body[0].body) {
    if (node.type === "TOMLKeyValue") {
      pair(node, []);
      continue;
    }
    const path = keysOf(node.key);
    path.forEach((_, i) => found.push([path.slice(0, i + 1), node.loc.start.line]));
    node.body.forEach((each) => pair(each, path));
  }
  return found;
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
  '"""a\\"""b"""""',
  "",
  '"\\"]}#"',
  "1.5e-3",
  "1979-05-27 07:32:00.5Z",
  "[ # comment ]\n  { a = [\n 1 ] }, # }\n]",
);
const LINE = fc.oneof(
  fc.tuple(KEY, VALUE).map(([key, value]) => `${key} = ${value}`),
  KEY.map((key) => `[${key}]`),
  KEY.map((key) => `[x.${key}] # comment`),
  KEY.map((key) => `[[y.${key}]]`),
  fc.tuple(KEY, KEY, VALUE).map(([a, b, value]) => `  ${a} . ${b}\t=${value}# ]`),
  fc.constantFrom("", "# comment", "  "),
);

Deno.test("Lines agrees with a parser that keeps all positions", () => {
  let valid = 0;
  fc.assert(
    fc.property(
      fc.array(LINE, { maxLength: 6 }),
      fc.constantFrom("\n", "\r\n"),
      (all, end) => {
        const text = all.join(end);
        try {
          parse(text);
        } catch {
          return;
        }
        valid++;
        const lines = new Lines(text);
        const first = new Map<string, [Path, number]>();
        for (const [path, line] of reference(text)) {
          const key = JSON.stringify(path);
          if (!first.has(key)) first.set(key, [path, line]);
        }
        for (const [path, line] of first.values()) {
          assertEquals(lines.line(path), line, JSON.stringify([text, path]));
        }
      },
    ),
    { seed: 20261122, numRuns: 3000 },
  );
  assertEquals(valid > 500, true, `${valid} of the texts were TOML`);
});
