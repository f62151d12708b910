// Shows docs/security.md#denial-of-service
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as table from "../../../lib/handler/decide/table.ts";
import { findTable } from "../../../lib/handler/system/find_table.ts";
import { FORMAT_VERSION } from "../../../lib/routes/format.ts";
import { test } from "../../abilities.ts";
import { Stage } from "../stage.ts";
import { Exit, S_IFREG, tableOfSources, World, type WorldFile } from "./world.ts";

const FILE = `routes-${FORMAT_VERSION}`;
const LAYER = "/h/.config/binfmt-dispatcher/binfmt-dispatcher.toml";
const DIRECTORY = "/h/.cache/binfmt-dispatcher";

/** A user with a home, and a resolver that makes tables of one source. */
function home(euid = 1000, env: Record<string, string> = { HOME: "/h" }): World {
  const world = new World({ env, uid: euid });
  world.directory("/h");
  world.directory("/h/.cache");
  world.directory("/run");
  world.write("/etc/x.toml", "");
  world.write("/dev/null", "");
  world.child = () => tableOfSources([{ path: "/etc/x.toml", exists: true }]);
  return world;
}

function calls(world: World): string[] {
  world.calls = [];
  findTable();
  return world.calls;
}

Deno.test("the first start has a table made and stores it, the next one finds it", () => {
  const world = home();
  assertEquals(calls(world), [
    ...[`statx ${LAYER}`, `openat /run/b/${FILE}`, "statx /h", `openat ${DIRECTORY}/${FILE}`],
    `openat /run/user/1000/binfmt-dispatcher/${FILE}`,
    "openat /dev/null",
    ...["statx /h", "mkdirat /h/.cache", `mkdirat ${DIRECTORY}`, `openat ${DIRECTORY}`],
    ...[`statx ${DIRECTORY}`, `flock ${DIRECTORY}`],
    ...[`openat /run/b/${FILE}`, "statx /h", `openat ${DIRECTORY}/${FILE}`],
    `openat /run/user/1000/binfmt-dispatcher/${FILE}`,
    ...["statx /resolver", "memfd_create memfd:routes", "clone ", "statx memfd:routes"],
    "statx /etc/x.toml",
    ...[`unlinkat ${DIRECTORY}/new`, `openat ${DIRECTORY}/new`],
    `renameat2 ${DIRECTORY}/new ${DIRECTORY}/${FILE}`,
  ]);
  assertEquals(calls(world), [
    ...[`statx ${LAYER}`, `openat /run/b/${FILE}`, "statx /h", `openat ${DIRECTORY}/${FILE}`],
    ...[`statx ${DIRECTORY}/${FILE}`, "statx /etc/x.toml"],
  ]);
  assertEquals(world.said, "");
});

Deno.test("every user uses root's table", () => {
  const world = home(0);
  for (const path of ["/h", "/run"]) world.files.get(path)!.uid = 0;
  world.directory("/run/b", { uid: 0 });
  findTable();
  const made = world.files.get(`/run/b/${FILE}`)!;
  assertEquals(made.mode, S_IFREG | 0o644);
  made.uid = 0;
  const user = home();
  user.files.set(`/run/b/${FILE}`, made);
  user.files.set("/etc/x.toml", world.files.get("/etc/x.toml")!);
  assertEquals(calls(user).slice(1), [
    ...[`openat /run/b/${FILE}`, `statx /run/b/${FILE}`, "statx /etc/x.toml"],
  ]);
});

Deno.test("a user's layer has its own table, in the session's runtime directory", () => {
  const world = home(1000, { HOME: "/h", XDG_RUNTIME_DIR: "/run/user/1000" });
  world.directory("/run/user/1000");
  world.write(LAYER, "");
  world.child = () => tableOfSources([{ path: LAYER, exists: true }]);
  findTable();
  const made = [...world.files.keys()].filter((path) => path.includes("routes-"));
  assertEquals(made.length, 1);
  assert(/^\/run\/user\/1000\/binfmt-dispatcher\/routes-\d+-[0-9a-f]{16}$/.test(made[0]!), made[0]);
  // The layer is read once.
  assertEquals(calls(world), [`statx ${LAYER}`, `openat ${made[0]}`, `statx ${made[0]}`]);
});

Deno.test("a table that others could have made is not trusted", () => {
  const distrust: Record<string, (file: WorldFile) => void> = {
    "of another user": (file) => file.uid = 1001,
    "writable by others": (file) => file.mode |= 0o002,
    "not a file": (file) => file.mode = 0o040600,
    "torn": (file) => file.content = file.content.slice(0, -1),
    "empty": (file) => file.content = new Uint8Array(0),
  };
  for (const [what, change] of Object.entries(distrust)) {
    const world = home();
    findTable();
    change(world.files.get(`${DIRECTORY}/${FILE}`)!);
    assert(calls(world).includes("clone "), what);
  }
});

Deno.test("if no table can be made, the handler warns and uses the last good one", () => {
  const world = home();
  findTable();
  world.files.get("/etc/x.toml")!.ino++;
  world.child = () => undefined;
  findTable();
  assertEquals(
    world.said,
    "binfmt-dispatcher: Cannot compile a new route table: /resolver failed, using the last " +
      "one\n",
  );
  assertEquals(table.header.n_sources, 1);
  assertEquals([...world.files.keys()].filter((path) => path.endsWith("/new")), []);
});

Deno.test("a resolver that fails is started again only if it was replaced meanwhile", () => {
  for (
    const [failures, isReplaced, starts] of [
      [0, true, 1],
      [1, true, 2],
      [2, true, 2],
      [1, false, 1],
    ] as const
  ) {
    const world = home();
    const resolver = world.write("/resolver", "");
    const made = world.child;
    let n = 0;
    world.child = (out) => {
      if (++n > failures) return made(out);
      if (isReplaced) resolver.ino++;
      return undefined;
    };
    if (starts > failures) findTable();
    else assertThrows(findTable, Exit);
    assertEquals(n, starts);
  }
});

Deno.test("a table is kept in the other directory if one is full, or else in memory", () => {
  const SESSION = "/run/user/1000/binfmt-dispatcher";
  const kept = (isFull: (path: string) => boolean) => {
    const world = home();
    world.directory("/run/user/1000");
    world.isFull = isFull;
    findTable();
    assertEquals([table.header.n_sources, world.said], [1, ""]);
    return [...world.files.keys()].filter((path) => /routes-\d+$|\/new$/.test(path));
  };
  assertEquals(kept(() => false), [`${DIRECTORY}/${FILE}`]);
  assertEquals(kept((path) => path.startsWith(DIRECTORY)), [`${SESSION}/${FILE}`]);
  assertEquals(kept((path) => /\/new$/.test(path)), []);
});

Deno.test("a killed start's leftovers are replaced", () => {
  const world = home();
  world.directory(DIRECTORY);
  world.write(`${DIRECTORY}/new`, "half a table");
  findTable();
  assertEquals([...world.files.keys()].filter((path) => path.startsWith(`${DIRECTORY}/`)), [
    `${DIRECTORY}/${FILE}`,
  ]);
});

/** The message if there is no table at all. */
function said(world: World, status: number): string {
  assertEquals(assertThrows(findTable, Exit).status, status);
  return world.said;
}

Deno.test("without a table a message says why", () => {
  const world = home();
  world.child = () => undefined;
  assertEquals(
    said(world, 125),
    "binfmt-dispatcher: Cannot run “/program”: neither a route table nor /resolver " +
      "is here, as in a container\n  On the host: binfmt-dispatcher binfmt --direct --machine " +
      "MACHINE, or binfmt-dispatcher handler --fallback PATH\n",
  );
  world.said = "";
  world.write("/resolver", "");
  assertEquals(
    said(world, 125),
    "binfmt-dispatcher: Cannot run “/program”: its route table cannot be compiled: /resolver " +
      "failed\n  Run it by hand to see why: /resolver routes >/dev/null\n",
  );
});

Deno.test("a privileged start trusts only the system's table, and starts no resolver", () => {
  const world = new World({ env: { HOME: "/h" }, euid: 0 });
  assertEquals(
    said(world, 126),
    "binfmt-dispatcher: Cannot run “/program”: it runs with another user's privileges, and " +
      "there is no system route table\n  The next foreign program that root starts creates it\n",
  );
  assertEquals(world.calls, [`openat /run/b/${FILE}`]);
});

const TABLE = `tables/${FILE}`;

async function start(stage: Stage): Promise<void> {
  const { status, stderr } = await stage.handle([stage.program], { isolated: true });
  assertEquals([status, stderr], [2, ""]);
}

test({
  name: "the handler has a table made once and stores it",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    const resolves = stage.countResolves();
    await stage.settle();
    for (let i = 0; i < 3; i++) await start(stage);
    assertEquals(resolves(), 1);
    const kept = Deno.statSync(stage.path(TABLE));
    assertEquals(kept.mode! & 0o777, 0o644);
    assertEquals([...Deno.readDirSync(stage.path("tables"))].length, 1);
  },
});

test({
  name: "a table that is damaged, writable by others or of another format is made again",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    const resolves = stage.countResolves();
    await stage.settle();
    await start(stage);
    const good = Deno.readFileSync(stage.path(TABLE));
    const changed = (at: number, byte: number) => {
      const bytes = good.slice();
      bytes[at]! ^= byte;
      return bytes;
    };
    const damages: Record<string, () => void> = {
      empty: () => stage.write(TABLE, ""),
      torn: () => stage.write(TABLE, good.slice(0, good.length - 1)),
      "its magic": () => stage.write(TABLE, changed(0, 1)),
      "its version": () => stage.write(TABLE, changed(8, 2)),
      "its size": () => stage.write(TABLE, changed(12, 1)),
      "its end": () => stage.write(TABLE, changed(good.length - 1, 1)),
      "sources far outside": () => stage.write(TABLE, changed(35, 0x7f)),
      "writable by all": () => Deno.chmodSync(stage.path(TABLE), 0o666),
      "a link": () => {
        Deno.renameSync(stage.path(TABLE), stage.path("elsewhere"));
        Deno.symlinkSync(stage.path("elsewhere"), stage.path(TABLE));
      },
    };
    let expected = 1;
    for (const [what, damage] of Object.entries(damages)) {
      damage();
      expected++;
      for (let i = 0; i < 2; i++) {
        await start(stage);
        assertEquals(resolves(), expected, what);
      }
    }
  },
});

test({
  name: "the lock is free while a start is explained",
  needs: ["root"],
  fn: async () => {
    using stage = new Stage();
    const free = `flock -n ${stage.path("tables")} echo free > ${stage.path("lock")}`;
    stage.resolveAfter(`if [ "$1" = explain ]; then ${free}; exit; fi`);
    await stage.handle([stage.program], { env: { BINFMT_DISPATCHER_LOG_LEVEL: "debug" } });
    assertEquals(Deno.readTextFileSync(stage.path("lock")), "free\n");
  },
});
