import { assert, assertEquals, assertThrows } from "@std/assert";
import * as table from "../../../lib/handler/decide/table.ts";
import { findTable } from "../../../lib/handler/system/find_table.ts";
import { Exit, S_IFREG, tableOfSources, World, type WorldFile } from "./world.ts";

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
    ...[`statx ${LAYER}`, "openat /run/b/routes-3", "statx /h", `openat ${DIRECTORY}/routes-3`],
    "openat /run/user/1000/binfmt-dispatcher/routes-3",
    "openat /dev/null",
    ...["statx /h", "mkdirat /h/.cache", `mkdirat ${DIRECTORY}`, `openat ${DIRECTORY}`],
    ...[`statx ${DIRECTORY}`, `flock ${DIRECTORY}`],
    ...["openat /run/b/routes-3", "statx /h", `openat ${DIRECTORY}/routes-3`],
    "openat /run/user/1000/binfmt-dispatcher/routes-3",
    ...["memfd_create memfd:routes", "clone ", "statx memfd:routes", "statx /etc/x.toml"],
    ...[`unlinkat ${DIRECTORY}/new`, `openat ${DIRECTORY}/new`],
    `renameat2 ${DIRECTORY}/new ${DIRECTORY}/routes-3`,
  ]);
  assertEquals(calls(world), [
    ...[`statx ${LAYER}`, "openat /run/b/routes-3", "statx /h", `openat ${DIRECTORY}/routes-3`],
    ...[`statx ${DIRECTORY}/routes-3`, "statx /etc/x.toml"],
  ]);
  assertEquals(world.said, "");
});

Deno.test("everybody uses root's table", () => {
  const world = home(0);
  for (const path of ["/h", "/run"]) world.files.get(path)!.uid = 0;
  world.directory("/run/b", { uid: 0 });
  findTable();
  const made = world.files.get("/run/b/routes-3")!;
  assertEquals(made.mode, S_IFREG | 0o644);
  made.uid = 0;
  const user = home();
  user.files.set("/run/b/routes-3", made);
  user.files.set("/etc/x.toml", world.files.get("/etc/x.toml")!);
  assertEquals(calls(user).slice(1), [
    ...["openat /run/b/routes-3", "statx /run/b/routes-3", "statx /etc/x.toml"],
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
  assert(/^\/run\/user\/1000\/binfmt-dispatcher\/routes-3-[0-9a-f]{16}$/.test(made[0]!), made[0]);
  // The layer is read once.
  assertEquals(calls(world), [`statx ${LAYER}`, `openat ${made[0]}`, `statx ${made[0]}`]);
});

Deno.test("a table that others could have made is not trusted", () => {
  const distrust: Record<string, (file: WorldFile) => void> = {
    "another's": (file) => file.uid = 1001,
    "writable by others": (file) => file.mode |= 0o002,
    "no file": (file) => file.mode = 0o040600,
    "torn": (file) => file.content = file.content.slice(0, -1),
    "empty": (file) => file.content = new Uint8Array(0),
  };
  for (const [what, change] of Object.entries(distrust)) {
    const world = home();
    findTable();
    change(world.files.get(`${DIRECTORY}/routes-3`)!);
    assert(calls(world).includes("clone "), what);
  }
});

Deno.test("if no table can be made, the last good one is used, with a warning", () => {
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

Deno.test("a table that one directory refuses goes to the other one, or else to memory", () => {
  const SESSION = "/run/user/1000/binfmt-dispatcher";
  const kept = (isFull: (path: string) => boolean) => {
    const world = home();
    world.directory("/run/user/1000");
    world.isFull = isFull;
    findTable();
    assertEquals([table.header.n_sources, world.said], [1, ""]);
    return [...world.files.keys()].filter((path) => /routes-3$|\/new$/.test(path));
  };
  assertEquals(kept(() => false), [`${DIRECTORY}/routes-3`]);
  assertEquals(kept((path) => path.startsWith(DIRECTORY)), [`${SESSION}/routes-3`]);
  assertEquals(kept((path) => /\/new$/.test(path)), []);
});

Deno.test("leftovers of a killed start do no harm", () => {
  const world = home();
  world.directory(DIRECTORY);
  world.write(`${DIRECTORY}/new`, "half a table");
  findTable();
  assertEquals([...world.files.keys()].filter((path) => path.startsWith(`${DIRECTORY}/`)), [
    `${DIRECTORY}/routes-3`,
  ]);
});

/** The message if there is no table at all. */
function said(world: World, status: number): string {
  assertEquals(assertThrows(findTable, Exit).status, status);
  return world.said;
}

Deno.test("without a good table a message says why", () => {
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
  assertEquals(world.calls, ["openat /run/b/routes-3"]);
});
