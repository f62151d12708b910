import { assertEquals } from "@std/assert";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { test } from "../abilities.ts";
import { headersOf } from "../programs.ts";
import { Stage } from "./stage.ts";

const LAYER = "binfmt-dispatcher/binfmt-dispatcher.toml";

/** What a start with these variables asked the resolver for, and what it was given. */
async function asked(stage: Stage, env: Record<string, string>): Promise<string> {
  const program = stage.write("program", headersOf("riscv64"), 0o755);
  const seen = stage.path("seen");
  const log = `echo "$@" $HOME $XDG_CONFIG_HOME > ${seen}`;
  stage.write("resolver", `#!/bin/sh\n${log}\ncat ${stage.path("table")}\n`, 0o755);
  for (const directory of ["tables", "home/.cache"]) {
    stage.write(`${directory}/x`, "");
    Deno.removeSync(stage.path(directory), { recursive: true });
  }
  await stage.handle([program], { env, isolated: true, asUser: true });
  return Deno.readTextFileSync(seen).trim().replaceAll(stage.directory, "$");
}

test({
  name: "findUserLayer() looks below XDG_CONFIG_HOME, or else below ~/.config",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new Stage();
    assertEquals(await asked(stage, {}), `routes --format ${FORMAT_VERSION} --system`);
    stage.write(`config/${LAYER}`, "");
    const XDG_CONFIG_HOME = stage.path("config");
    assertEquals(
      await asked(stage, { XDG_CONFIG_HOME }),
      `routes --format ${FORMAT_VERSION} $/home $/config`,
    );
    assertEquals(
      await asked(stage, { XDG_CONFIG_HOME: "config" }),
      `routes --format ${FORMAT_VERSION} --system`,
    );
    stage.write(`home/.config/${LAYER}`, "");
    assertEquals(await asked(stage, {}), `routes --format ${FORMAT_VERSION} $/home`);
    assertEquals(
      await asked(stage, { XDG_CONFIG_HOME: "config" }),
      `routes --format ${FORMAT_VERSION} $/home config`,
    );
    assertEquals(
      await asked(stage, { HOME: "home" }),
      `routes --format ${FORMAT_VERSION} --system`,
    );
  },
});
