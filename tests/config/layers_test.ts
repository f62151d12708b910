// Shows docs/security.md#a-hostile-configuration
import { assert, assertEquals } from "@std/assert";
import { findLayers, readLayer, userLayer } from "../../lib/config/layers.ts";
import { MAX_LAYER_SIZE, MAX_LAYERS } from "../../lib/config/limits.ts";
import { ROOTS_HOME } from "../../lib/paths.ts";
import { RealEnvironment } from "../../lib/real_environment.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { FakeEnvironment, type FakeFile, type FakeSystem } from "../fake_environment.ts";
import { outputOf } from "../output_of.ts";

const USER = "/home/u/.config/binfmt-dispatcher/binfmt-dispatcher.toml";
const HOME = { "/home/u": { kind: "directory", uid: 1000 } } as const;
const VENDOR = "/usr/lib/binfmt-dispatcher.d";
const ADMIN = "/etc/binfmt-dispatcher.d";

type Files = NonNullable<FakeSystem["files"]>;

function states(files: Files, user = false, system: Omit<FakeSystem, "files"> = {}) {
  const environment = new FakeEnvironment({
    variables: { HOME: "/home/u" },
    uid: 1000,
    ...system,
    files: { ...HOME, ...files },
  });
  return findLayers(environment, user).layers.map(({ path, state }) => `${state} ${path}`);
}

Deno.test("findLayers() sorts vendor's, then administrator's, then user's layers", () => {
  const found = states({
    [`${VENDOR}/b.toml`]: "#",
    [`${VENDOR}/a.toml`]: "#",
    [`${ADMIN}/0.toml`]: "#",
    "/etc/binfmt-dispatcher.toml": "#",
    [USER]: { content: "#", uid: 1000, gid: 1000 },
  }, true);
  assertEquals(found, [
    `read ${VENDOR}/a.toml`,
    `read ${VENDOR}/b.toml`,
    `read ${ADMIN}/0.toml`,
    "read /etc/binfmt-dispatcher.toml",
    `read ${USER}`,
  ]);
});

Deno.test("findLayers() masks a vendor's layer by any file of its name in /etc", () => {
  const found = states({
    [`${VENDOR}/a.toml`]: "#",
    [`${VENDOR}/b.toml`]: "#",
    [`${VENDOR}/c.toml`]: "#",
    [`${VENDOR}/d.toml`]: "",
    [`${ADMIN}/a.toml`]: "#",
    [`${ADMIN}/b.toml`]: "",
    [`${ADMIN}/c.toml`]: { link: "/dev/null" },
  });
  assertEquals(found, [
    `masked ${VENDOR}/a.toml`,
    `masked ${VENDOR}/b.toml`,
    `masked ${VENDOR}/c.toml`,
    `empty ${VENDOR}/d.toml`,
    `read ${ADMIN}/a.toml`,
    `empty ${ADMIN}/b.toml`,
    `empty ${ADMIN}/c.toml`,
    "absent /etc/binfmt-dispatcher.toml",
  ]);
});

Deno.test("findLayers() ignores other names and hidden files", () => {
  const found = states({
    [`${ADMIN}/a.toml~`]: "#",
    [`${ADMIN}/.a.toml`]: "#",
    [`${ADMIN}/README`]: "#",
  });
  assertEquals(found, ["absent /etc/binfmt-dispatcher.toml"]);
});

Deno.test("findLayers() lists every place that it looked at as a source, even absent ones", () => {
  const environment = new FakeEnvironment({
    files: { [`${VENDOR}/a.toml`]: "#", [`${VENDOR}/b.toml`]: "#", [`${ADMIN}/b.toml`]: "#" },
    variables: { HOME: "/home/u" },
    uid: 1000,
  });
  assertEquals([...findLayers(environment, true).sources].sort(), [
    "/etc/binfmt-dispatcher.d",
    "/etc/binfmt-dispatcher.d/b.toml",
    "/etc/binfmt-dispatcher.toml",
    "/home/u/.config/binfmt-dispatcher",
    USER,
    "/usr/lib/binfmt-dispatcher.d",
    "/usr/lib/binfmt-dispatcher.d/a.toml",
  ]);
});

Deno.test("findLayers() is whole only if everything that exists could be read", () => {
  const whole = (files: Files) => findLayers(new FakeEnvironment({ files }), false).whole;
  assertEquals(whole({}), true);
  assertEquals(whole({ [`${ADMIN}/a.toml`]: { content: "#", unreadable: true } }), false);
  assertEquals(whole({ [ADMIN]: { kind: "directory", unreadable: true } }), false);
  assertEquals(whole({ [`${ADMIN}/a.toml`]: { kind: "directory" } }), true);
  assertEquals(whole({ [`${ADMIN}/a.toml`]: { kind: "other" } }), true);
});

Deno.test("readLayer() reads no pipe, socket, device or directory", () => {
  const environment = new FakeEnvironment({ files: { "/pipe": { kind: "other" } } });
  assertEquals(readLayer(environment, "/pipe", "admin").state, "faulty");
  assertEquals(environment.reads, []);
});

Deno.test("readLayer() reads one byte more than the limit, to notice a larger file", () => {
  const content = new Uint8Array(MAX_LAYER_SIZE + 100).fill(0x23);
  const environment = new FakeEnvironment({ files: { "/big": { content } } });
  assertEquals(readLayer(environment, "/big", "admin").bytes?.length, MAX_LAYER_SIZE + 1);
});

Deno.test("findLayers() reads a bounded number of layers and says so", () => {
  const files: Record<string, string> = {};
  for (let i = 0; i < MAX_LAYERS + 3; i++) {
    files[`${ADMIN}/${String(i).padStart(4, "0")}.toml`] = "#";
  }
  const { layers } = findLayers(new FakeEnvironment({ files }), false);
  assertEquals(layers.filter(({ state }) => state === "read").length, MAX_LAYERS);
  const directory = layers.find(({ path }) => path === ADMIN);
  assert(directory?.state === "faulty" && directory.why?.includes("more than 256 layers"));
});

Deno.test("userLayer() takes an absolute XDG_CONFIG_HOME, else HOME", () => {
  const at = (variables: Record<string, string>, uid = 1000) =>
    userLayer(new FakeEnvironment({ variables, uid }));
  const file = "binfmt-dispatcher/binfmt-dispatcher.toml";
  assertEquals(at({ XDG_CONFIG_HOME: "/c", HOME: "/h" }), `/c/${file}`);
  assertEquals(at({ XDG_CONFIG_HOME: "c", HOME: "/h" }), `/h/.config/${file}`);
  assertEquals(at({ XDG_CONFIG_HOME: "", HOME: "/h" }), `/h/.config/${file}`);
  assertEquals(at({ HOME: "h" }), undefined);
  assertEquals(at({}), undefined);
  assertEquals(at({ XDG_CONFIG_HOME: "/c", HOME: "/h" }, 0), `${ROOTS_HOME}/.config/${file}`);
});

Deno.test("findLayers() does not read a user layer that others could have written", () => {
  const state = (file: FakeFile, directory: FakeFile, home: FakeFile = {}) => {
    const files = {
      "/home/u": { ...HOME["/home/u"], ...home },
      ...{ [USER]: { content: "#", ...file }, [USER.replace(/\/[^/]*$/, "")]: directory },
    };
    const environment = new FakeEnvironment({ files, variables: { HOME: "/home/u" }, uid: 1000 });
    const layer = findLayers(environment, true).layers.at(-1)!;
    assertEquals(environment.reads.includes(USER), layer.state === "read");
    return layer.state;
  };
  const own = { uid: 1000, gid: 1000 };
  assertEquals(state(own, { kind: "directory", ...own }), "read");
  assertEquals(state({ ...own, mode: 0o666 }, { kind: "directory", ...own }), "refused");
  assertEquals(state(own, { kind: "directory", ...own, mode: 0o777 }), "refused");
  assertEquals(state({ uid: 1001, gid: 1001 }, { kind: "directory", ...own }), "refused");
  // A home that belongs to somebody else or that others can write, even with root's files.
  const roots = { uid: 0, gid: 0 };
  assertEquals(state(roots, { kind: "directory", ...roots }), "read");
  for (const home of [{ uid: 1001 }, { uid: 0 }, { mode: 0o775 }, { mode: 0o1777 }]) {
    assertEquals(state(own, { kind: "directory", ...own }, home), "refused");
    assertEquals(state(roots, { kind: "directory", ...roots }, home), "refused");
  }
});

Deno.test("findLayers() does not read a user layer in a home that others can replace", () => {
  const state = (mode: number, home = "/homes/u") => {
    const user = USER.replace("/home/u", "/homes/u");
    const files = {
      "/homes": { kind: "directory", mode },
      "/homes/u": HOME["/home/u"],
      [user]: { link: "/store/layer" },
      "/store/layer": "#",
    } as const;
    const environment = new FakeEnvironment({ files, variables: { HOME: home }, uid: 1000 });
    return findLayers(environment, true).layers.at(-1)!.state;
  };
  assertEquals([0o755, 0o1777, 0o777, 0o775].map((mode) => state(mode)), [
    ...["read", "read"],
    ...["refused", "refused"],
  ]);
  assertEquals(state(0o777, "/nowhere/at/all"), "absent");
});

Deno.test("findLayers() checks the file that it read, not one that had its name before", () => {
  const own = { uid: 1000, gid: 1000 };
  for (const theirs of [{ uid: 1001 }, { mode: 0o646 }, { mode: 0o664 }]) {
    class Exchanging extends FakeEnvironment {
      override readOpened(path: string, limit: number) {
        const opened = super.readOpened(path, limit);
        return typeof opened === "string"
          ? opened
          : { ...opened, facts: { ...opened.facts, ...theirs } };
      }
    }
    const files = { ...HOME, [USER]: { content: "#", ...own } };
    const environment = new Exchanging({ files, variables: { HOME: "/home/u" }, uid: 1000 });
    const layer = findLayers(environment, true).layers.at(-1)!;
    assertEquals([layer.state, layer.bytes], ["refused", undefined]);
  }
});

Deno.test("findLayers() reads a root on disk, where a link to /dev/null hides, too", () =>
  inTemporaryDirectory(async (root) => {
    for (const directory of [VENDOR, ADMIN]) Deno.mkdirSync(root + directory, { recursive: true });
    for (const name of ["a", "b", "c"]) {
      Deno.writeTextFileSync(`${root}${VENDOR}/${name}.toml`, "#");
    }
    Deno.symlinkSync("/dev/null", `${root}${ADMIN}/b.toml`);
    Deno.symlinkSync(`${VENDOR}/a.toml`, `${root}${ADMIN}/c.toml`);
    await outputOf(["mkfifo", `${root}${ADMIN}/d.toml`]);
    const { layers, whole } = findLayers(new RealEnvironment(root), false);
    assertEquals(layers.map(({ path, state }) => `${state} ${path}`), [
      `read ${VENDOR}/a.toml`,
      `masked ${VENDOR}/b.toml`,
      `masked ${VENDOR}/c.toml`,
      `empty ${ADMIN}/b.toml`,
      `read ${ADMIN}/c.toml`,
      `faulty ${ADMIN}/d.toml`,
      "absent /etc/binfmt-dispatcher.toml",
    ]);
    assert(whole);
  }));

Deno.test("findLayers() uses the built-in layer if the vendor's directory does not exist", () => {
  const system = { installed: false };
  const absent = "absent /etc/binfmt-dispatcher.toml";
  assertEquals(states({}, false, system), ["read built in", absent]);
  assertEquals(states({ [VENDOR]: { kind: "directory" } }, false, system), [absent]);
  assertEquals(
    states({ [VENDOR]: { kind: "directory", unreadable: true } }, false, system).length,
    2,
  );
  assertEquals(states({ [`${ADMIN}/00-default.toml`]: { link: "/dev/null" } }, false, system), [
    "masked built in",
    `empty ${ADMIN}/00-default.toml`,
    absent,
  ]);
  assertEquals(states({}, false, { ...system, machine: "riscv64" }), [absent]);
});

Deno.test("findLayers() watches the directory that would replace the built-in layer", () => {
  const { sources, present } = findLayers(new FakeEnvironment({ installed: false }), false);
  assert(sources.includes(VENDOR) && !present.has(VENDOR));
  assert(!sources.includes("built in"));
});
