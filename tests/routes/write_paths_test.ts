import { assertEquals } from "@std/assert";
import { collectPaths } from "../../lib/routes/collect_paths.ts";
import { GLOB, HOME, PATH } from "../../lib/routes/format.ts";
import { Writer } from "../../lib/routes/writer.ts";
import { writePaths } from "../../lib/routes/write_paths.ts";

const RULES = [
  ...[{ path: "/a/b" }, { path: "/é*" }, { path: "/a/" }, { path: "/?" }],
  { path: "~/é/x", leads_to: "~/é/x" },
  { path: "~/é/", leads_to: "~/é" },
];

Deno.test("writePaths() writes the entries, then their texts one after another", () => {
  const out = new Writer();
  out.reserve(12);
  const at = writePaths(out, collectPaths(RULES, 1000));
  const bytes = out.finish();
  const number = (at: number) => new DataView(bytes.buffer).getUint32(at, true);
  const text = (at: number, size: number) => [...bytes.subarray(at, at + size)];
  const utf8 = (text: string) => [...new TextEncoder().encode(text)];
  const paths = [0, 1, 2, 3, 4, 5, 6].map((i) => at.paths + PATH.end * i);
  assertEquals(paths.map((at) => number(at + PATH.rank)), [0, 8, 6, 2, 4, 12, 10]);
  assertEquals(paths.map((at) => number(at + PATH.around)), [0, 0, 0, 2, 0, 0, 5]);
  const start = number(paths[1]! + PATH.text);
  assertEquals(start, at.paths + paths.length * PATH.end);
  assertEquals(text(start, 24), utf8("/?/a//a/b/é*~/é/~/é/x"));
  assertEquals(paths.map((at) => number(at + PATH.size)), [0, 2, 3, 4, 4, 5, 6]);
  const globs = [0, 1].map((i) => at.globs + GLOB.end * i);
  assertEquals(globs.map((at) => number(at + GLOB.rank)), [4, 8]);
  const codes = globs.map((at) => text(number(at + GLOB.code), number(at + GLOB.size)));
  assertEquals(codes, [[0x2f, 0xc3, 0xa9, 0xf7], [0x2f, 0xf5]]);
  const homes = [0, 1].map((i) => at.homes + HOME.end * i);
  assertEquals(homes.map((at) => number(at + HOME.rank)), [13, 11]);
  const parts = homes.map((at, i) => text(number(at + HOME.part), [4, 6][i]!));
  assertEquals(parts, [utf8("/é\0"), utf8("/é/x\0")]);
  const rests = homes.map((at) => text(number(at + HOME.code), number(at + HOME.size)));
  assertEquals(rests, [[0x2f, 0xf8], []]);
});

Deno.test("without paths writePaths() writes only the entry for no rule", () => {
  const out = new Writer();
  writePaths(out, collectPaths([], 1000));
  assertEquals(out.size, PATH.end);
});
