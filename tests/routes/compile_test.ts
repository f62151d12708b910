import { assert, assertEquals } from "@std/assert";
import type { Config } from "../../lib/config/config.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { MAX_PATHS_SIZE, MAX_TABLE_SIZE, TABLE_FLAG } from "../../lib/routes/format.ts";
import { targetsOf } from "../../lib/routes/targets.ts";
import { Table } from "../../lib/routes/table.ts";
import { effective, interpreter, rule, smallConfig } from "./small_config.ts";
import { text } from "./small_facts.ts";

function compiled(config: Config, sources: string[] = [], key?: string): Table {
  const result = compileRoutes(effective(config, sources), key === undefined ? {} : { key });
  assert(result.ok);
  const table = Table.read(result.value.table);
  assert(table.ok);
  return table.value;
}

const CONFIG = smallConfig({
  defaults: ["fex", "qemu"],
  interpreters: {
    qemu: interpreter("/usr/bin/qemu-{machine}", { machines: ["x86_64", "riscv64"] }),
    fex: interpreter("/usr/bin/FEX", { use_muvm: true }),
    Zed: interpreter("/zed", { linkage: "static" }),
  },
  muvm: { page_size: 16384, never_forward: ["DISPLAY", "XDG_*"] },
  rules: [rule("/a", "qemu"), rule("/b", "qemu"), rule("~/c", "Zed")],
});

Deno.test("compileRoutes() writes sources, page size, names and the key", () => {
  const table = compiled(CONFIG, ["/etc/x.toml", "/etc/x.d"], "/home/u/x.toml");
  assertEquals(table.sources(), ["/etc/x.toml", "/etc/x.d"]);
  assertEquals(table.key(), "/home/u/x.toml");
  assertEquals(table.header("page_size"), 16384);
  assertEquals(table.neverForward().length, 2);
  assertEquals(table.targetName(0), "i386");
  assertEquals(compiled(CONFIG).key(), undefined);
  assert(table.settle(0).ok);
});

Deno.test("compileRoutes() flags a table that may be kept and one with rules below home", () => {
  assertEquals(compiled(CONFIG).header("flags"), TABLE_FLAG.KEEP | TABLE_FLAG.HOME_RULES);
  const partly = compileRoutes({ ...effective(smallConfig({})), whole: false });
  assert(partly.ok);
  const table = Table.read(partly.value.table);
  assert(table.ok);
  assertEquals(table.value.header("flags"), 0);
});

Deno.test("compileRoutes() writes one choice for rules with the same interpreters", () => {
  const table = compiled(CONFIG);
  const rules = [0, 1, 2, 3].map((index) => table.rule(index));
  assertEquals(rules.map(({ name }) => name), ["", "/a", "/b", "~/c"]);
  assertEquals(rules.map(({ choice }) => choice), [0, 1, 1, 2]);
});

Deno.test("compileRoutes() maps a rule and a target to candidates, each written once", () => {
  const table = compiled(CONFIG);
  const target = targetsOf(CONFIG).findIndex(({ name }) => name === "x86_64");
  const listed = (choice: number) =>
    table.candidates(table.list(choice, target)).map((at) => table.candidate(at).path);
  assertEquals(listed(0), ["/usr/bin/FEX", "/usr/bin/FEX", "/usr/bin/qemu-x86_64"]);
  assertEquals(listed(1), ["/usr/bin/qemu-x86_64"]);
  assertEquals(
    table.candidates(table.list(1, target)),
    table.candidates(table.list(0, target)).slice(2),
  );
  const m68k = targetsOf(CONFIG).findIndex(({ name }) => name === "m68k");
  assertEquals(table.list(0, m68k), 0);
});

Deno.test("compileRoutes() lists every interpreter by ID, sorted by bytes", () => {
  const table = compiled(CONFIG);
  const riscv64 = targetsOf(CONFIG).findIndex(({ name }) => name === "riscv64");
  const ids = table.ids(riscv64);
  assertEquals(ids.map(({ id }) => id), ["Zed", "fex", "qemu"]);
  assertEquals(ids.map(({ list }) => table.candidates(list).length), [0, 0, 1]);
});

Deno.test("compileRoutes() gives the same bytes for the same configuration", () => {
  const [a, b] = [compileRoutes(effective(CONFIG)), compileRoutes(effective(CONFIG))];
  assert(a.ok && b.ok);
  assertEquals(a.value.table, b.value.table);
});

Deno.test("compileRoutes() reports the rules that it leaves out", () => {
  const many = `/${"{a,b}".repeat(10)}`;
  const config = smallConfig({ rules: [rule("/a", "x"), rule(many, "x"), rule("/b", "x")] });
  const result = compileRoutes(effective(config));
  assert(result.ok);
  const why = "its braces expand to more than 1000 paths";
  assertEquals(result.value.refused, [{ id: many, path: many, why }]);
  assertEquals(compiled(config).paths().map(({ bytes, rank }) => [text(bytes), rank / 2]), [
    ["/a", 1],
    ["/b", 3],
  ]);
});

Deno.test("compileRoutes() leaves out paths that would take too much room together", () => {
  const path = (i: number) => `/${String(i).padStart(4, "0")}${"x".repeat(4000)}`;
  const rules = Array.from({ length: 5000 }, (_, i) => ({ ...rule(path(i), "x"), id: "x" }));
  const result = compileRoutes(effective(smallConfig({ rules })));
  assert(result.ok);
  const { refused, table } = result.value;
  assert(table.length > MAX_PATHS_SIZE - 5000 && table.length < MAX_TABLE_SIZE);
  assert(refused.length > 2500 && refused.length < 3500, `${refused.length}`);
  assertEquals(refused[0]!.path, path(5000 - refused.length));
  assert(refused[0]!.why.includes(`${MAX_PATHS_SIZE} bytes`));
});

Deno.test("compileRoutes() fails if the table is too large without paths", () => {
  const rules = Array.from({ length: 5000 }, (_, i) => (
    { ...rule(`/${i}`, "x"), id: `${i}${"x".repeat(4000)}` }
  ));
  const result = compileRoutes(effective(smallConfig({ rules })));
  assert(!result.ok);
  assertEquals(result.failure.code, "config");
  assert(result.failure.why.includes(`${MAX_TABLE_SIZE} bytes`));
});
