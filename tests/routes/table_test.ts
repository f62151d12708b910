import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { dumpTable } from "../../lib/routes/dump.ts";
import { evaluate } from "../../lib/routes/evaluate.ts";
import { FORMAT_VERSION, HEADER, MAGIC } from "../../lib/routes/format.ts";
import { Table } from "../../lib/routes/table.ts";
import { buildElf } from "../elf/build_elf.ts";
import { effective, format, interpreter, rule, smallConfig } from "./small_config.ts";
import { bytes, smallFacts } from "./small_facts.ts";

const CONFIG = smallConfig({
  defaults: ["a", "b"],
  interpreters: {
    a: interpreter("/i/a", {
      use_muvm: true,
      args: ["{program}", "{argv0}"],
      env: { A: "{sysroot}" },
      required_paths: [["~/r", "{XDG_DATA_HOME}/r"]],
    }),
    b: interpreter("/i/b", { sysroot: ["/", "/usr/{gnu}"] }),
  },
  muvm: { never_forward: ["DISPLAY", "XDG_*"] },
  formats: { jar: format({ extension: "jar", interpreter: ["b"] }) },
  rules: [rule("/a/*/prog", "b"), rule("~/**", "a"), rule("/a/", "b")],
});

function whole(): Uint8Array {
  const compiled = compileRoutes(effective(CONFIG, ["/etc/x.toml"]), { key: "/home/u/x.toml" });
  assert(compiled.ok);
  return compiled.value.table;
}

function why(bytes: Uint8Array): string {
  const table = Table.read(bytes);
  return table.ok ? "" : table.failure.why;
}

Deno.test("Table.read() takes a whole table, also at an odd place in memory", () => {
  const table = whole();
  assertEquals(why(table), "");
  const moved = new Uint8Array(table.length + 3);
  moved.set(table, 3);
  assertEquals(why(moved.subarray(3)), "");
});

Deno.test("Table.read() refuses a table that is torn, foreign or of another version", () => {
  const changed = (change: (table: Uint8Array) => Uint8Array | void) => {
    const table = whole();
    return why(change(table) ?? table);
  };
  assertEquals(changed((table) => table.subarray(0, 50)), "it has 50 bytes");
  assertEquals(changed(() => new Uint8Array()), "it has 0 bytes");
  const framed = `it does not begin and end with “${MAGIC}”`;
  assertEquals(changed((table) => table.subarray(0, table.length - 4)), framed);
  assertEquals(changed((table) => void (table[0] = 0)), framed);
  assertEquals(changed((table) => void (table[table.length - 1] = 0)), framed);
  const version = changed((table) => void (table[HEADER.version] = FORMAT_VERSION + 1));
  assertEquals(version, `its format is version ${FORMAT_VERSION + 1}, not ${FORMAT_VERSION}`);
  assert(changed((table) => void table[HEADER.size]!++).startsWith("it says that it has"));
});

Deno.test("a table that leads outside of itself is a Failure that says so", () => {
  const damaged = whole();
  const view = new DataView(damaged.buffer);
  view.setUint32(HEADER.rules, damaged.length - 4, true);
  const table = Table.read(damaged);
  assert(table.ok);
  const decision = evaluate(table.value, smallFacts({ canonical: bytes("/a/x/prog") }));
  assert(!decision.ok);
  assertEquals(decision.failure.code, "internal");
  assertEquals(decision.failure.why, `4 bytes at ${damaged.length + 8} are not in it`);
});

/** Numbers that offsets and counts may wrongly be. */
const EVIL = [0, 1, 3, 4, 88, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff];

Deno.test("no damage makes the reader, the evaluator or the dump throw or hang", () => {
  const table = whole();
  const n = table.length;
  const word = fc.record({
    at: fc.oneof(fc.nat((HEADER.end >> 2) - 1), fc.nat((n >> 2) - 1)),
    value: fc.oneof(fc.constantFrom(...EVIL), fc.nat(n), fc.nat(0xffffffff)),
  });
  const facts = [
    smallFacts({
      canonical: bytes("/a/x/prog"),
      present: ["/i/a", "/i/b", "/usr/bin/muvm", "/h/r"],
    }),
    smallFacts({
      file: buildElf({ machine: "x86_64", interp: "/ld.so" }),
      present: ["/i/b", "//ld.so"],
      env: ["HOME=/h", "BINFMT_DISPATCHER_INTERPRETER=b"],
      home: bytes("/a"),
      terminal: true,
    }),
    smallFacts({ program: bytes("/a.jar"), file: bytes("PK"), page_size: 16384 }),
  ];
  const seen = { refused: 0, damaged: 0, decided: 0 };
  const property = fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), (changes) => {
    const bytes = table.slice();
    const view = new DataView(bytes.buffer);
    for (const { at, value } of changes) view.setUint32(4 * at, value, true);
    const read = Table.read(bytes);
    if (!read.ok) return void seen.refused++;
    for (const each of facts) {
      const fresh = Table.read(bytes);
      assert(fresh.ok);
      if (evaluate(fresh.value, each).ok) seen.decided++;
      else seen.damaged++;
    }
    if (seen.decided % 10 === 0) dumpTable(read.value);
  });
  fc.assert(property, { seed: 20261122, numRuns: 20_000 });
  assert(Math.min(seen.refused, seen.damaged, seen.decided) > 1000, JSON.stringify(seen));
});
