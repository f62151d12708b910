import { assertEquals } from "@std/assert";
import { FORMAT_VERSION } from "../../../lib/routes/format.ts";
import { test } from "../../abilities.ts";
import { Stage } from "../stage.ts";

/** The names of tables in a directory of the stage. */
function tables(stage: Stage, directory: string): string[] {
  try {
    return [...Deno.readDirSync(stage.path(directory))].map(({ name }) => name);
  } catch {
    return [];
  }
}

test({
  name: "each user's layer has its own table in the cache directory",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new Stage();
    for (const home of ["home", "home2"]) {
      stage.write(`${home}/.config/binfmt-dispatcher/binfmt-dispatcher.toml`, "");
    }
    Deno.mkdirSync(stage.path("cache"));
    await stage.settle();
    for (const home of ["home", "home2", "home", "home2"]) {
      const env = { HOME: stage.path(home), XDG_CACHE_HOME: stage.path("cache") };
      const { status } = await stage.handle([stage.program], { env, isolated: true, asUser: true });
      assertEquals(status, 2);
      // One layer's start leaves the other's table as it is.
      const made = tables(stage, "cache/binfmt-dispatcher");
      assertEquals(made.every((name) => /^routes-\d+-[0-9a-f]{16}$/.test(name)), true, made.join());
      assertEquals(made.length <= 2, true);
    }
    assertEquals(tables(stage, "cache/binfmt-dispatcher").length, 2);
    assertEquals(tables(stage, "tables"), []);
    const directory = Deno.statSync(stage.path("cache/binfmt-dispatcher"));
    assertEquals(directory.mode! & 0o777, 0o700);
  },
});

test({
  name: "no table is stored in a directory that others can write",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    Deno.chmodSync(stage.path("tables"), 0o777);
    await stage.settle();
    assertEquals((await stage.handle([stage.program], { isolated: true })).status, 2);
    assertEquals(tables(stage, "tables"), []);
    Deno.chmodSync(stage.path("tables"), 0o755);
    assertEquals((await stage.handle([stage.program], { isolated: true })).status, 2);
    assertEquals(tables(stage, "tables"), [`routes-${FORMAT_VERSION}`]);
  },
});
