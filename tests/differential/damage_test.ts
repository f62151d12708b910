import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { buildHandler } from "../../lib/handler/handler.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { CANDIDATE, FORMAT_VERSION, HEADER, MAGIC } from "../../lib/routes/format.ts";
import { Table } from "../../lib/routes/table.ts";
import { test } from "../abilities.ts";
import { buildElf } from "../elf/build_elf.ts";
import { HOST, OTHER_PAGE_SIZE, PAGE_SIZE } from "../handler/stage.ts";
import { buildPe } from "../routes/build_pe.ts";
import { effective, format, interpreter, rule, smallConfig } from "../routes/small_config.ts";
import { Cell, type Ended, type Entry, marked, type Order } from "./cell.ts";
import { withChecks } from "./with_checks.ts";

const SEED = 20261122;
const RUNS = 50_000;
/** One in so many damaged tables also goes to the handler without checks. */
const REAL_ONES = 25;

const OPTIONS = { host: HOST, resolver: "/resolver", tables: "/tables", symbols: true };
const FOLDERS = { HOME: "/a", XDG_DATA_HOME: "/data" };

/** Something of everything that a table may hold, once for each of two page sizes. */
const TABLES = [PAGE_SIZE, OTHER_PAGE_SIZE].map((page_size) => {
  const config = smallConfig({
    defaults: ["plain", "home"],
    machines: { i386: ["both", "home"], hexagon: ["nothing"] },
    interpreters: {
      plain: interpreter("/i/plain", {
        linkage: "dynamic",
        sysroot: ["/", "/usr/{gnu}"],
        args: ["-L", "{sysroot}", "-0", "{argv0}", "{program}"],
        env: { ARG0: "{argv0}", PATH: "{program}" },
      }),
      home: interpreter("~/i/home", {
        machines: ["x86_64", "i386", "jar"],
        required_paths: [["~/r", "{XDG_DATA_HOME}/r"]],
      }),
      both: interpreter("/i/both", { machines: ["i386", "x86_64"], use_muvm: true }),
      nothing: interpreter("/i/nothing", { machines: ["hexagon"] }),
      windows: interpreter("/i/windows", { machines: ["windows", "dotnet"] }),
    },
    muvm: {
      ...{ path: "/i/muvm", page_size, tty_args: ["-t"] },
      never_forward: ["DISPLAY", "XDG_*"],
      required_paths: [["/r"]],
    },
    formats: {
      jar: format({ extension: "jar", interpreter: ["home"] }),
      windows: format({
        magic: new Uint8Array([0x4d, 0x5a]),
        mask: new Uint8Array([255, 255]),
        interpreter: ["windows"],
      }),
    },
    rules: [rule("/a/*/prog", "both"), rule("~/**", "home"), rule("/b/", "plain")],
  });
  const compiled = compileRoutes({
    ...effective(config, ["/etc/absent.toml", "/etc/folder"]),
    present: new Set(),
  });
  assert(compiled.ok);
  return compiled.value.table;
});

/** Where the candidates' argv offsets stand in a table, and the items that begin with a marker. */
const TEMPLATES = TABLES.map((bytes) => {
  const table = Table.read(bytes);
  assert(table.ok);
  const rows = Array.from({ length: table.value.header("rows") }, (_, row) => row);
  const lists = rows.flatMap((row) => table.value.ids(row).map(({ list }) => list));
  const candidates = lists.filter((list) => list !== 0).flatMap((list) =>
    table.value.candidates(list)
  );
  const items = [...bytes.keys()].filter((at) =>
    bytes[at - 1] === 0 && bytes[at]! >= 0xf5 && bytes[at]! < 0xfe
  );
  return { fields: candidates.map((at) => at + CANDIDATE.argv), items };
});

const PROGRAMS: Readonly<Record<string, Uint8Array>> = {
  "/a/b/prog": buildElf({ machine: "x86_64" }),
  "/b/prog": buildElf({ machine: "x86_64", interp: "/ld.so" }),
  "/c/prog": buildElf({ machine: "i386", interp: "/lib/ld.so" }),
  "/c/hexagon": buildElf({ machine: "hexagon" }),
  "/c/x.jar": new Uint8Array([0x50, 0x4b]),
  "/c/x.exe": buildPe(true),
};
const PRESENT = [
  ...["/i/plain", "/a/i/home", "/i/both", "/i/windows", "/i/muvm", "/r", "/a/r", "/data/r"],
  ...["/ld.so", "/usr/x86_64-linux-gnu/ld.so"],
];
const ENVIRONMENT = [
  ...Object.entries(FOLDERS).map(([name, value]) => `${name}=${value}`),
  ...["XDG_RUNTIME_DIR=/run", "DISPLAY=:0", "PATH=/bin", "LANG=C", "no name=1"],
];

/** Numbers that offsets and counts may wrongly be. */
const EVIL = [0, 1, 3, 4, HEADER.end, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff];

/** All alike, where fast-check likes the small ones best. */
const share = fc.noBias(fc.nat(0xfffff)).map((n) => n / 0x100000);
const kinds = ["number", "number", "evil", "header", "header", "byte", "move", "cut", "argv"];
/** `at` and `from` are shares of the table. */
const damage = fc.record({ kind: fc.constantFrom(...kinds), at: share, from: share });
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function pick<Item>(items: readonly Item[], share: number): Item {
  return items[Math.floor(share * items.length)]!;
}

function damaged(which: number, all: readonly Damage[], framed: boolean): Uint8Array {
  let table = TABLES[which]!.slice();
  const { fields, items } = TEMPLATES[which]!;
  for (const { kind, at, from } of all) {
    const words = new DataView(table.buffer, 0, table.length & ~3);
    const place = (share: number, end = words.byteLength) => Math.floor(share * end) & ~3;
    const set = (at: number, value: number) => words.setUint32(at, value, true);
    if (kind === "number") set(place(at), Math.floor(from * table.length));
    if (kind === "evil") set(place(at), pick(EVIL, from));
    if (kind === "header") set(place(at, HEADER.end), words.getUint32(place(from), true));
    if (kind === "byte") table[Math.floor(at * table.length)] = Math.floor(from * 256);
    if (kind === "move") table.copyWithin(place(at), place(from), place(from) + 32);
    if (kind === "argv" && fields.every((at) => at + 4 <= words.byteLength)) {
      const item = pick(items, from);
      for (const field of at < 0.1 ? fields : [pick(fields, at)]) set(field, item);
    }
    if (kind === "cut") table = table.slice(0, Math.max(HEADER.end + 8, place(at)));
  }
  if (!framed) return table;
  const view = new DataView(table.buffer);
  const magic = new TextEncoder().encode(MAGIC);
  table.set(magic);
  table.set(magic, table.length - magic.length);
  view.setUint32(HEADER.version, FORMAT_VERSION, true);
  view.setUint32(HEADER.size, table.length, true);
  return table;
}

/** Is it written in the table, perhaps behind a folder of the caller's? */
function isString(table: Uint8Array, path: Uint8Array): boolean {
  const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);
  const whole = text(table);
  const found = text(path);
  return ["", ...Object.values(FOLDERS)].some((folder) =>
    found.startsWith(folder) && whole.includes(found.slice(folder.length))
  );
}

/** Said where a table's sources seem to have changed, and there is no resolver to ask. */
const LAST = "binfmt-dispatcher: Cannot make a new route table: /resolver did not give one, " +
  "taking the last\n";

/** What the start came to; it has to be one of these. */
function outcome(table: Uint8Array, { status, signal, execve }: Ended, words: string): string {
  const said = words.startsWith(LAST) ? words.slice(LAST.length) : words;
  if (execve !== undefined) {
    assertEquals([signal, said], [9, ""]); // the starter's own SIGKILL
    assert(isString(table, execve), `executes “${new TextDecoder().decode(execve)}”`);
    return "executed";
  }
  assertEquals(signal, undefined, said);
  assert(said.startsWith("binfmt-dispatcher: Cannot run “"), said);
  assert([125, 126, 127].includes(status!), `status ${status}`);
  if (status !== 125) return String(status);
  return said.includes("its route table is damaged") ? "damaged" : "passed over";
}

async function furnish(cell: Cell): Promise<void> {
  const files = new Map<string, Entry>(PRESENT.map((path) => [path, cell.probe]));
  files.set("/run/krun/server", "server");
  for (const [path, file] of Object.entries(PROGRAMS)) files.set(path, cell.image(marked(file)));
  await cell.furnish(files, Object.values(FOLDERS));
}

const start: fc.Arbitrary<Order> = fc.record({
  program: fc.constantFrom(...Object.keys(PROGRAMS)),
  override: fc.constantFrom("", "", "", "BINFMT_DISPATCHER_INTERPRETER=home"),
}).map(({ program, override }) => ({
  ...{ program, cwd: "/c", watched: true },
  argv: ["argv0", "x", ""],
  env: override === "" ? ENVIRONMENT : [override, ...ENVIRONMENT],
}));

test({
  name: `${RUNS} damaged tables: the handler touches nothing else and starts nothing else`,
  needs: ["binfmt_misc", "gcc"],
  fn: async () => {
    await using checked = await Cell.open(withChecks(() => buildHandler(OPTIONS)), HOST);
    await using real = await Cell.open(buildHandler(OPTIONS), HOST);
    for (const cell of [checked, real]) await furnish(cell);
    const seen = new Map<string, number>();
    let runs = 0;
    const run = async (cell: Cell, table: Uint8Array, order: Order) => {
      cell.setTable(table);
      const ended = await cell.start(order);
      return { ended, said: cell.said() };
    };
    const property = fc.asyncProperty(
      fc.nat(TABLES.length - 1),
      fc.array(damage, { minLength: 1, maxLength: 4 }),
      share.map((share) => share > 0.05),
      start,
      async (which, all, framed, order) => {
        const table = damaged(which, all, framed);
        const found = await run(checked, table, order);
        const came_to = outcome(table, found.ended, found.said);
        for (const each of found.said.startsWith(LAST) ? [came_to, "last"] : [came_to]) {
          seen.set(each, (seen.get(each) ?? 0) + 1);
        }
        if (runs++ % REAL_ONES === 0) assertEquals(await run(real, table, order), found);
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
    for (const each of ["executed", "126", "127", "damaged", "passed over", "last"]) {
      const least = ["126", "last"].includes(each) ? 10 : RUNS / 100;
      assert((seen.get(each) ?? 0) > least, JSON.stringify([...seen]));
    }
  },
});
