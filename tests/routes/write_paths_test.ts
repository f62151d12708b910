import { assertEquals } from "@std/assert";
import { collectPaths } from "../../lib/routes/collect_paths.ts";
import { GLOB, PATH } from "../../lib/routes/format.ts";
import { Writer } from "../../lib/routes/writer.ts";
import { writePaths } from "../../lib/routes/write_paths.ts";

Deno.test("writePaths() writes the entries, and their texts one after another", () => {
  const out = new Writer();
  out.reserve(12);
  const at = writePaths(out, collectPaths(["/a/b", "/é*", "/a/", "/?"], 1000));
  const bytes = out.finish();
  const number = (at: number) => new DataView(bytes.buffer).getUint32(at, true);
  const text = (at: number, size: number) => [...bytes.subarray(at, at + size)];
  const paths = [0, 1, 2, 3, 4].map((i) => at.paths + PATH.end * i);
  assertEquals(paths.map((at) => number(at + PATH.rule)), [0, 4, 3, 1, 2]);
  assertEquals(paths.map((at) => number(at + PATH.around)), [0, 0, 0, 2, 0]);
  const start = number(paths[1]! + PATH.text);
  assertEquals(start, at.paths + 5 * PATH.end);
  assertEquals(text(start, 14), [...new TextEncoder().encode("/?/a//a/b/é*")].concat([0]));
  assertEquals(paths.map((at) => number(at + PATH.size)), [0, 2, 3, 4, 4]);
  const globs = [0, 1].map((i) => at.globs + GLOB.end * i);
  assertEquals(globs.map((at) => number(at + GLOB.rule)), [2, 4]);
  const codes = globs.map((at) => text(number(at + GLOB.code), number(at + GLOB.size)));
  assertEquals(codes, [[0x2f, 0xc3, 0xa9, 0xf7], [0x2f, 0xf5]]);
});

Deno.test("writePaths() of nothing writes the entry that stands for none", () => {
  const out = new Writer();
  writePaths(out, collectPaths([], 1000));
  assertEquals(out.size, PATH.end);
});
