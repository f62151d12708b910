import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { GuestWorld, NEEDS } from "./guest_world.ts";

const HELLO = 'printf %s "$EMULATOR"; printf " [%s]" "$@"; echo';

test({
  name: "if muvm cannot work, the next interpreter runs the program without muvm",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/hello", HELLO);
    const { stdout, stderr } = await world.script(String.raw`
      env -u XDG_RUNTIME_DIR hello unset
      XDG_RUNTIME_DIR=run/user/1000 hello relative
      XDG_RUNTIME_DIR= hello empty
      env -u HOME hello home
      env HOME=$'/\xff' hello no text
      env LC_CTYPE=$'\xff' hello locale
      env PATH=$PATH:$'/\xff' hello path
      env PATH=$PATH:/EOM hello letters
      mkdir /run/gone && cd /run/gone && rmdir /run/gone && hello gone 2>/dev/null
    `);
    assertEquals(stderr, "");
    assertEquals(stdout.trim().split("\n"), [
      ...["box64 [unset]", "box64 [relative]", "box64 [empty]", "box64 [home]"],
      ...["box64 [no] [text]", "box64 [locale]", "box64 [path]", "box64 [letters]", "box64 [gone]"],
    ]);
    const root = await world.script("hello root", { root: true });
    assertEquals([root.stdout, root.stderr], ["box64 [root]\n", ""]);
    assertEquals(world.calls(), []);
  },
});

test({
  name: "a missing or incomplete muvm is skipped",
  needs: NEEDS,
  fn: async () => {
    for (const missing of ["/usr/bin/muvm", "/usr/bin/muvm-guest"]) {
      using world = new GuestWorld();
      world.program("/usr/bin/hello", HELLO);
      Deno.removeSync(world.outside(missing));
      const { stdout, stderr } = await world.script("hello");
      assertEquals([stdout, stderr], ["box64 []\n", ""]);
    }
  },
});

test({
  name: "without another interpreter, the handler and explain say why muvm cannot work",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/hello", HELLO);
    Deno.removeSync(world.outside("/usr/bin/box64"));
    const start = async (script: string, why: string, root = false) => {
      const { status, stderr } = await world.script(script, { root });
      assertEquals(status, 127);
      assert(stderr.includes(`FEX: ${why}`), stderr);
    };
    await start("hello", "muvm refuses root", true);
    await start("env -u XDG_RUNTIME_DIR /usr/bin/hello", "muvm needs XDG_RUNTIME_DIR");
    await start("env -u HOME /usr/bin/hello", "muvm needs HOME");
    const unreadable = "muvm cannot read HOME, PATH or a locale variable that is not UTF-8";
    await start("env LC_ALL=EOM hello", unreadable);
    const { stdout } = await world.script("binfmt-dispatcher explain hello", { root: true });
    assert(stdout.includes("muvm refuses root"), stdout);
  },
});
