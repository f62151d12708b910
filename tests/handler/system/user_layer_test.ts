import { assertEquals } from "@std/assert";
import * as userLayer from "../../../lib/handler/system/user_layer.ts";
import { ROOTS_HOME } from "../../../lib/paths.ts";
import { FORMAT_VERSION } from "../../../lib/routes/format.ts";
import { test } from "../../abilities.ts";
import { Stage } from "../stage.ts";
import { textOf, World } from "./world.ts";

const LAYER = "binfmt-dispatcher/binfmt-dispatcher.toml";

interface Case {
  readonly env: Readonly<Record<string, string>>;
  /** Files and their owners. */
  readonly files: Readonly<Record<string, number>>;
  readonly path?: string;
  readonly is: "own" | "none";
  readonly uid?: number;
  readonly euid?: number;
}

const IN_CONFIG = `/c/${LAYER}`;
const IN_HOME = `/h/.config/${LAYER}`;
const IN_ROOTS = `${ROOTS_HOME}/.config/${LAYER}`;
const both = { XDG_CONFIG_HOME: "/c", HOME: "/h" };

const CASES: Readonly<Record<string, Case>> = {
  "none without variables": { env: {}, files: { [`/${LAYER}`]: 1000 }, is: "none" },
  "below XDG_CONFIG_HOME": { env: both, files: { [IN_CONFIG]: 1000 }, path: IN_CONFIG, is: "own" },
  "below HOME only": { env: { HOME: "/h" }, files: { [IN_HOME]: 0 }, path: IN_HOME, is: "own" },
  "XDG_CONFIG_HOME counts even if it has none": {
    env: both,
    files: { [IN_HOME]: 1000 },
    is: "none",
  },
  "a relative XDG_CONFIG_HOME does not count": {
    env: { ...both, XDG_CONFIG_HOME: "c" },
    files: { [IN_HOME]: 1000 },
    path: IN_HOME,
    is: "own",
  },
  "too long an XDG_CONFIG_HOME does not count": {
    env: { ...both, XDG_CONFIG_HOME: `/${"c".repeat(4090)}` },
    files: { [IN_HOME]: 1000 },
    path: IN_HOME,
    is: "own",
  },
  "another user's": { env: both, files: { [IN_CONFIG]: 1001 }, is: "none" },
  "root's is in root's home, whatever the variables say": {
    env: both,
    files: { [IN_CONFIG]: 0, [IN_HOME]: 0, [IN_ROOTS]: 0 },
    path: IN_ROOTS,
    is: "own",
    uid: 0,
  },
  "another user's variables do not affect root": {
    env: both,
    files: { [IN_CONFIG]: 0, [IN_HOME]: 0 },
    is: "none",
    uid: 0,
  },
  "in a privileged start": { env: both, files: { [IN_CONFIG]: 0 }, is: "none", euid: 0 },
};

for (const [name, { env, files, path, is, ...caller }] of Object.entries(CASES)) {
  Deno.test(`a user's layer: ${name}`, () => {
    const world = new World({ env, ...caller });
    for (const [file, uid] of Object.entries(files)) world.write(file, "", { uid });
    userLayer.find();
    assertEquals(userLayer.isOwn, is === "own");
    if (path !== undefined) assertEquals(textOf(userLayer.path), path);
  });
}

/** The resolver's arguments and variables in a start with these variables. */
async function resolverGets(stage: Stage, env: Record<string, string>): Promise<string> {
  const seen = stage.path("seen");
  stage.resolveAfter(`echo "$@" $HOME $XDG_CONFIG_HOME > ${seen}`);
  for (const directory of ["tables", "home/.cache"]) {
    stage.write(`${directory}/x`, "");
    Deno.removeSync(stage.path(directory), { recursive: true });
  }
  await stage.handle([stage.program], { env, isolated: true, asUser: true });
  return Deno.readTextFileSync(seen).trim().replaceAll(stage.directory, "$");
}

test({
  name: "the resolver gets the variables that lead to the user's layer",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new Stage();
    assertEquals(await resolverGets(stage, {}), `routes --format ${FORMAT_VERSION} --system`);
    stage.write(`config/${LAYER}`, "");
    const XDG_CONFIG_HOME = stage.path("config");
    assertEquals(
      await resolverGets(stage, { XDG_CONFIG_HOME }),
      `routes --format ${FORMAT_VERSION} $/home $/config`,
    );
    assertEquals(
      await resolverGets(stage, { XDG_CONFIG_HOME: "config" }),
      `routes --format ${FORMAT_VERSION} --system`,
    );
    stage.write(`home/.config/${LAYER}`, "");
    assertEquals(await resolverGets(stage, {}), `routes --format ${FORMAT_VERSION} $/home`);
    assertEquals(
      await resolverGets(stage, { XDG_CONFIG_HOME: "config" }),
      `routes --format ${FORMAT_VERSION} $/home config`,
    );
    assertEquals(
      await resolverGets(stage, { HOME: "home" }),
      `routes --format ${FORMAT_VERSION} --system`,
    );
  },
});
