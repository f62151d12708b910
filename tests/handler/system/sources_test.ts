import { assert, assertEquals } from "@std/assert";
import * as table from "../../../lib/handler/decide/table.ts";
import * as clock from "../../../lib/handler/system/clock.ts";
import { compare, fillIn, SOURCES } from "../../../lib/handler/system/sources.ts";
import * as statCache from "../../../lib/handler/system/stat_cache.ts";
import { compileRoutes } from "../../../lib/routes/compile.ts";
import { HEADER, LINK, SOURCE } from "../../../lib/routes/format.ts";
import { test } from "../../abilities.ts";
import { effective, smallConfig } from "../../routes/small_config.ts";
import { PROBE, Stage } from "../stage.ts";
import { bytesOf, type Source, tableOfSources, textOf, World, type WorldFile } from "./world.ts";

const SEEN: readonly Source[] = [
  { path: "/etc/a.toml", exists: true },
  { path: "/etc/b.toml", exists: false },
  { path: "/etc/d", exists: true },
];

/** A world in which a table's sources are as the resolver saw them. */
function settled(sources = SEEN, keep = true) {
  const world = new World();
  statCache.forget();
  for (const { path, exists } of sources) if (exists) world.write(path, "one");
  const bytes = tableOfSources(sources, keep);
  table.use(bytes);
  clock.take();
  return { world, bytes };
}

Deno.test("a table holds until any of its sources changes in any way", () => {
  const changes: Record<string, (world: World, file: WorldFile) => void> = {
    size: (_, file) => file.content = new Uint8Array(4),
    mtime: (_, file) => file.mtime++,
    ctime: (_, file) => file.ctime++,
    inode: (_, file) => file.ino ^= 1n << 63n,
    "major number": (_, file) => file.major++,
    "minor number": (_, file) => file.minor++,
    gone: (world) => world.files.delete("/etc/d"),
    come: (world) => world.write("/etc/b.toml", ""),
  };
  for (const [what, change] of Object.entries(changes)) {
    const { world } = settled();
    assertEquals([what, fillIn(), compare()], [what, true, SOURCES.UNCHANGED]);
    change(world, world.files.get("/etc/d")!);
    assertEquals([what, compare()], [what, SOURCES.CHANGED]);
  }
});

Deno.test("fillIn() writes existence, device, inode, size and both times", () => {
  const { bytes } = settled([{ path: "/x", exists: true }]);
  fillIn();
  const source = new DataView(bytes.buffer, HEADER.end);
  const { path: _path, end: _end, ...fields } = SOURCE;
  const found = Object.entries(fields).map(([name, at]) => [name, source.getUint32(at, true)]);
  assertEquals(Object.fromEntries(found), {
    ...{ exists: 1, dev_major: 8, dev_minor: 1, ino: 1, size: 3 },
    ...{ mtime: 1, mtime_nsec: 0, ctime: 1, ctime_nsec: 0 },
  });
});

Deno.test("a table may be stored if all was read and no source is young, new or gone", () => {
  const young = (ns: bigint) => {
    const { world } = settled();
    world.files.get("/etc/d")!.ctime = world.now - ns;
    return fillIn();
  };
  assertEquals(young(20_000_001n), true);
  assertEquals(young(20_000_000n), false);
  // Ahead of the clock, which was set back: no later change gets the same time.
  assertEquals(young(-1n), true);
  assertEquals(young(-(10n ** 18n)), true);
  const changedMeanwhile = () => {
    const { world } = settled();
    world.files.get("/etc/d")!.ctime = world.now + 5n;
    world.now += 6n;
    return fillIn();
  };
  assertEquals(changedMeanwhile(), false);
  settled(SEEN, false);
  assertEquals(fillIn(), false);
  settled().world.files.delete("/etc/d");
  assertEquals(fillIn(), false);
  settled().world.write("/etc/b.toml", "");
  assertEquals(fillIn(), false);
});

Deno.test("a table whose sources lead outside it is damaged, but does not end the start", () => {
  const damages: Record<string, (view: DataView) => void> = {
    "sources begin at the end": (view) =>
      view.setUint32(HEADER.sources, view.byteLength - SOURCE.end + 1, true),
    "sources begin far outside": (view) => view.setUint32(HEADER.sources, 0xffff_fff0, true),
    "too many sources": (view) => view.setUint32(HEADER.n_sources, 0xffff_ffff, true),
    "a path outside": (view) => view.setUint32(HEADER.end, view.byteLength, true),
    "a path without an end": (view) => view.setUint32(HEADER.end, view.byteLength - 3, true),
  };
  for (const [what, damage] of Object.entries(damages)) {
    const { bytes } = settled();
    fillIn();
    damage(new DataView(bytes.buffer));
    const found = [compare(), fillIn()];
    assertEquals([what, ...found], [what, SOURCES.DAMAGED, false]);
  }
});

/** A table made from two links. */
function tableOfLinks(): Uint8Array {
  const links = [{ path: "/l", target: "data/é" }, { path: "/k", target: "x" }];
  const compiled = compileRoutes({ ...effective(smallConfig({})), links });
  assert(compiled.ok);
  table.use(compiled.value.table);
  return compiled.value.table;
}

function compareWith(links: Readonly<Record<string, string>>): number {
  const world = new World();
  world.own.readlinkat = ([, path, into]) => {
    const name = textOf(path as Uint8Array).slice(0, -1);
    const target = bytesOf(links[name] ?? "");
    (into as Uint8Array).set(target);
    return target.length === 0 ? -22 : target.length;
  };
  return compare();
}

Deno.test("a table holds until a link changes or disappears", () => {
  tableOfLinks();
  assertEquals(compareWith({ "/l": "data/é", "/k": "x", "/m": "x" }), SOURCES.UNCHANGED);
  for (
    const links of [
      {},
      ...["data/", "data/é/", "data/e"].map((target) => ({ "/l": target, "/k": "x" })),
      { "/l": "data/é" },
      { "/l": "data/é", "/k": "xx" },
    ]
  ) assertEquals([links, compareWith(links as Record<string, string>)], [links, SOURCES.CHANGED]);
});

Deno.test("a table whose links lead outside it is damaged, but does not end the start", () => {
  const damages: Record<string, (view: DataView, links: number) => void> = {
    "links begin at the end": (view) =>
      view.setUint32(HEADER.links, view.byteLength - LINK.end + 1, true),
    "links begin far outside": (view) => view.setUint32(HEADER.links, 0xffff_fff0, true),
    "a path outside": (view, links) => view.setUint32(links + LINK.path, view.byteLength, true),
    "a target outside": (view, links) => view.setUint32(links + LINK.target, 0xffff_ffff, true),
    "a target without an end": (view, links) =>
      view.setUint32(links + LINK.target, view.byteLength - 3, true),
  };
  for (const [what, damage] of Object.entries(damages)) {
    const view = new DataView(tableOfLinks().buffer);
    const links = view.getUint32(HEADER.links, true);
    damage(view, links);
    const found = compareWith({ "/l": "data/é", "/k": "x" });
    assertEquals([what, found], [what, SOURCES.DAMAGED]);
  }
});

test({
  name: "the handler has a table made again after any change of a source",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    const layer = stage.write("layers/a.toml", "one");
    const [missing, directory] = [stage.path("layers/b.toml"), stage.path("layers")];
    const resolves = stage.countResolves();
    /** How often a start of the program starts the resolver. */
    const resolvesNow = async () => {
      const before = resolves();
      const { status, stderr } = await stage.handle([stage.program], { isolated: true });
      assertEquals([status, stderr], [2, ""]);
      return resolves() - before;
    };
    const { mtime } = Deno.statSync(layer);
    const changes: Record<string, () => void> = {
      "no table yet": () => {},
      "other content of the same size": () => Deno.writeTextFileSync(layer, "two"),
      "other content, the old mtime": () => {
        Deno.writeTextFileSync(layer, "six");
        Deno.utimeSync(layer, mtime!, mtime!);
      },
      touched: () => Deno.utimeSync(layer, new Date(), new Date()),
      "another mode": () => Deno.chmodSync(layer, 0o600),
      "another file of the same name": () => Deno.renameSync(stage.write("new", "six"), layer),
      "an absent file appears": () => Deno.writeTextFileSync(missing, ""),
      "and is removed again": () => Deno.removeSync(missing),
      removed: () => Deno.removeSync(layer),
      "the directory is removed": () => Deno.removeSync(directory),
    };
    for (const [what, change] of Object.entries(changes)) {
      change();
      stage.configure(PROBE, [layer, missing, directory]);
      await stage.settle();
      assertEquals([what, await resolvesNow(), await resolvesNow()], [what, 1, 0]);
    }
  },
});

test({
  name: "a table made from a file that has just changed is used once",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    const layer = stage.write("layer", "");
    stage.configure(PROBE, [layer]);
    // No timestamp tells whether the layer changed before or after it was read.
    stage.resolveAfter(`echo > ${layer}`);
    await stage.settle();
    assertEquals((await stage.handle([stage.program], { isolated: true })).status, 2);
    assertEquals([...Deno.readDirSync(stage.path("tables"))], []);
  },
});

test({
  name: "a table made from a file that has since been removed is used once",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    const layer = stage.write("layer", "");
    stage.configure(PROBE, [layer]);
    Deno.removeSync(layer);
    await stage.settle();
    assertEquals((await stage.handle([stage.program], { isolated: true })).status, 2);
    assertEquals([...Deno.readDirSync(stage.path("tables"))], []);
  },
});
