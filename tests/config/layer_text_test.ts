import { assert, assertEquals } from "@std/assert";
import { readLayerText } from "../../lib/config/layer_text.ts";
import { MAX_LAYER_SIZE } from "../../lib/config/limits.ts";

const read = (text: string) => readLayerText(new TextEncoder().encode(text));

function why(text: string | Uint8Array): string {
  const found = typeof text === "string" ? read(text) : readLayerText(text);
  return "why" in found ? `${found.line}: ${found.why}` : "no fault";
}

Deno.test("readLayerText() accepts a byte order mark and CRLF", () => {
  const found = read("\ufeff[a]\r\nb = 1\r\n");
  assert("table" in found);
  assertEquals(found.table, { a: { b: 1 } });
});

Deno.test("readLayerText() reports the line of a syntax error", () => {
  assert(why("a = 1\n[b\nc = 2\n").startsWith("2: invalid TOML: "));
});

Deno.test("readLayerText() refuses text that is too large, not UTF-8, or nested too deeply", () => {
  assertEquals(why("#".repeat(MAX_LAYER_SIZE)), "no fault");
  assertEquals(why("#".repeat(MAX_LAYER_SIZE + 1)), "0: it is larger than 1048576 bytes");
  assertEquals(why(new Uint8Array([0x61, 0xff])), "0: it is not UTF-8");
  assertEquals(why("a = " + "[".repeat(7) + "]".repeat(7)), "no fault");
  assertEquals(
    why("a = " + "[".repeat(9) + "]".repeat(9)),
    "0: it nests more than 8 tables and lists",
  );
  assertEquals(why("a.b.c.d.e.f.g.h.i.j = 1"), "0: it nests more than 8 tables and lists");
});

Deno.test("readLayerText() refuses nesting that would overflow a parser's stack", () => {
  for (const text of ["[".repeat(500_000), "a = " + "[".repeat(500_000), "a={".repeat(200_000)]) {
    assert(why(text) !== "no fault");
  }
});

Deno.test("readLayerText() accepts a repeated table, and keeps line numbers", () => {
  const found = read('[a]\nb = 1 # x\n\n[c]\nd = "[a]"\n\n[a]\n# again\nb = 1 # x\n[e]\nf = 2\n');
  assert("table" in found);
  assertEquals(found.table, { a: { b: 1 }, c: { d: "[a]" }, e: { f: 2 } });
  assertEquals(found.text.split("\n").indexOf("[e]"), 9);
});

Deno.test("readLayerText() does not take a list's line for a table", () => {
  const list = 'x = [\n  ["/a", "/b"],\n  ["c"]\n]\ny = """\n[z]\n"""\n';
  const found = read(`[a]\n${list}[b] # [\n${list}[a]\n${list}`);
  assert("table" in found, JSON.stringify(found));
  const value = { x: [["/a", "/b"], ["c"]], y: "[z]\n" };
  assertEquals(found.table, { a: value, b: value });
});

Deno.test("readLayerText() refuses a repeated table with different text", () => {
  assert(why("[a]\nb = 1\n[a]\nb = 2\n").startsWith("3: invalid TOML: "));
  assert(why("[a]\nb = 1\n[a]\nc = 2\n").startsWith("3: invalid TOML: "));
});
