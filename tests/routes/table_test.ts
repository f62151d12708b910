import { assert, assertEquals } from "@std/assert";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { FORMAT_VERSION, HEADER, MAGIC } from "../../lib/routes/format.ts";
import { Table } from "../../lib/routes/table.ts";
import { effective, format, interpreter, rule, smallConfig } from "./small_config.ts";

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
  rules: [
    ...[rule("/a/*/pro", "b"), rule("/a/**/[a-q]*g", "b"), rule("~/**", "a"), rule("/a/", "b")],
  ],
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

Deno.test("Table.read() accepts a whole table, also at an unaligned address", () => {
  const table = whole();
  assertEquals(why(table), "");
  const moved = new Uint8Array(table.length + 3);
  moved.set(table, 3);
  assertEquals(why(moved.subarray(3)), "");
});

Deno.test("Table.read() refuses a table that is incomplete, foreign or of another version", () => {
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
  assert(changed((table) => void table[HEADER.size]!++).startsWith("its header says"));
});

Deno.test("reading beyond a table's end is a Failure with the place", () => {
  const damaged = whole();
  new DataView(damaged.buffer).setUint32(HEADER.rules, damaged.length - 4, true);
  const table = Table.read(damaged);
  assert(table.ok);
  const { value } = table;
  assertEquals(value.rule(1), { index: 1, name: "", choice: 0 });
  const settled = value.settle(value);
  assert(!settled.ok);
  assertEquals(settled.failure.code, "internal");
  assertEquals(settled.failure.why, `4 bytes at ${damaged.length + 8} are out of range`);
});

Deno.test("reading a string without an end is a Failure with the place", () => {
  const damaged = whole();
  new DataView(damaged.buffer).setUint32(HEADER.key, damaged.length - 4, true);
  const table = Table.read(damaged);
  assert(table.ok);
  const { value } = table;
  assertEquals(value.key(), "");
  const settled = value.settle(value);
  assert(!settled.ok);
  const why = `the string at ${damaged.length - 4} is not terminated`;
  assertEquals(settled.failure.why, why);
});
