/** Which interpreter a program gets: rules by path, lists, linkage, templates. */
import { assert, assertEquals } from "@std/assert";
import { ADMIN_LAYER, ADMIN_LAYERS } from "../../lib/paths.ts";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { addLibrary, busybox, dash, FOREIGN, NEEDS, PROBE, probe, worldFor } from "./foreign.ts";

/**
 * A world with the configuration in /etc, and interpreters that show what they are given: red,
 * green and blue. A foreign static program stands at /usr/share/games/a/busybox.
 */
async function colours(configuration: string, more = ""): Promise<World> {
  const world = worldFor(FOREIGN);
  for (const name of ["red", "green", "blue"]) world.file(`/usr/bin/${name}`, PROBE, 0o755);
  world.file(
    `${ADMIN_LAYERS}/10-colours.toml`,
    ["red", "green", "blue"].map((name) => probe(name, more)).join(""),
  );
  world.file(ADMIN_LAYER, configuration);
  world.bind(await busybox(FOREIGN), "/usr/share/games/a/busybox");
  return world;
}

async function said(world: World, ...argv: string[]): Promise<string> {
  const { status, stdout, stderr } = await world.run(argv, { cwd: "/usr/share" });
  return status === 0 && stderr === "" ? stdout.trimEnd() : `${status}: ${stdout}${stderr}`;
}

const PROGRAM = "/usr/share/games/a/busybox";

function rule(name: string, fn: () => Promise<void>): void {
  test({ name, needs: NEEDS, fn });
}

rule("a rule by an exact path, by a folder or by a glob chooses the interpreter", async () => {
  for (
    const path of [
      PROGRAM,
      "/usr/share/games/",
      "/usr/**/[a-c]usybox",
      "/usr/share/*/a/{x,busybox}",
    ]
  ) {
    using world = await colours(`[binaries.game]\npath = "${path}"\ninterpreter = "red"\n`);
    assertEquals(await said(world, PROGRAM, "one", ""), `red: [${PROGRAM}] [one] []`, path);
  }
});

rule("programs that no rule is about keep the default's interpreter", async () => {
  for (
    const path of [`${PROGRAM}s`, "/usr/share/game/", "/usr/share/*", "/usr/share/games/?", "~/**"]
  ) {
    using world = await colours(`[binaries.game]\npath = "${path}"\ninterpreter = "red"\n`);
    assertEquals(await said(world, PROGRAM, "echo", "one"), "one", path);
  }
});

rule("of several rules the exact path counts, then the longer prefix", async () => {
  const rules = (exact: boolean, longer: boolean) => `
    [binaries.everything]\npath = "/usr/**"\ninterpreter = "blue"
    ${longer ? '[binaries.games]\npath = "/usr/share/games/"\ninterpreter = "green"' : ""}
    ${exact ? `[binaries.this]\npath = "${PROGRAM}"\ninterpreter = "red"` : ""}
  `;
  for (
    const [exact, longer, wanted] of [[true, true, "red"], [false, true, "green"], [
      false,
      false,
      "blue",
    ]] as const
  ) {
    using world = await colours(rules(exact, longer));
    assertEquals(await said(world, PROGRAM), `${wanted}: [${PROGRAM}]`);
  }
});

rule(
  "rules are about the file that a link leads to, and the program gets the path as called",
  async () => {
    using world = await colours(`[binaries.game]\npath = "${PROGRAM}"\ninterpreter = "red"\n`);
    world.link("/usr/bin/by-link", "../share/by-another");
    world.link("/usr/share/by-another", PROGRAM);
    assertEquals(await said(world, "/usr/bin/by-link", "1"), "red: [/usr/bin/by-link] [1]");
    assertEquals(await said(world, "by-link", "2"), "red: [/usr/bin/by-link] [2]");
    assertEquals(await said(world, "./games/a/../a/busybox"), "red: [./games/a/../a/busybox]");
  },
);

rule("a rule that is about a link's own path serves where none is about the file", async () => {
  using world = await colours(`[binaries.link]\npath = "/usr/bin/by-link"\ninterpreter = "blue"\n`);
  world.link("/usr/bin/by-link", PROGRAM);
  assertEquals(await said(world, "by-link"), "blue: [/usr/bin/by-link]");
  assertEquals(await said(world, PROGRAM, "echo", "plain"), "plain");
});

rule("the first interpreter of a list that is installed runs it", async () => {
  using world = await colours(
    `[defaults]
     interpreter = ["red", "green", "blue"]
     [interpreters.red]
     path = "/usr/bin/none"
     [interpreters.green]
     required_paths = ["/usr/share/green"]`,
  );
  assertEquals(await said(world, PROGRAM), `blue: [${PROGRAM}]`);
  world.file("/usr/share/green", "");
  assertEquals(await said(world, PROGRAM), `green: [${PROGRAM}]`);
});

rule("a machine's own list comes before the default's", async () => {
  using world = await colours(
    `[defaults]\ninterpreter = "red"\n[machines.${FOREIGN}]\ninterpreter = "green"\n`,
  );
  assertEquals(await said(world, PROGRAM), `green: [${PROGRAM}]`);
});

rule("args and env say what the interpreter is given", async () => {
  using world = await colours(
    `[defaults]
     interpreter = "red"
     [interpreters.red]
     path = "/usr/bin/{machine}-red"
     args = ["-0", "{argv0}", "--at={program}", "-m", "{machine}", "{gnu}", "", "--"]
     env = { COLOUR = "red {argv0}", HOME = "/x" }`,
  );
  const show = '#!/bin/sh\nprintf "[%s]" "$@"\nprintf "%s, %s\\n" "$COLOUR" "$HOME"\n';
  world.file(`/usr/bin/${FOREIGN}-red`, show, 0o755);
  assertEquals(
    await said(world, "bash", "-c", `exec -a "my name" ${PROGRAM} one ""`),
    `[-0][my name][--at=${PROGRAM}][-m][${FOREIGN}][${FOREIGN}-linux-gnu][][--][one][]` +
      "red my name, /x",
  );
});

rule("an interpreter for dynamic programs alone is passed over for static ones", async () => {
  using world = await colours(
    `[defaults]\ninterpreter = ["red", "qemu"]\n[interpreters.red]\nlinkage = "dynamic"\n`,
  );
  await addLibrary(world, FOREIGN);
  world.bind(await dash(FOREIGN), "/usr/share/games/dash");
  assertEquals(await said(world, PROGRAM, "echo", "by qemu"), "by qemu");
  assertEquals(await said(world, "/usr/share/games/dash"), "red: [/usr/share/games/dash]");
});

rule("an interpreter for static programs alone is passed over for dynamic ones", async () => {
  using world = await colours(
    `[defaults]\ninterpreter = ["red", "qemu"]\n[interpreters.red]\nlinkage = "static"\n`,
  );
  await addLibrary(world, FOREIGN);
  world.bind(await dash(FOREIGN), "/usr/share/games/dash");
  assertEquals(await said(world, PROGRAM), `red: [${PROGRAM}]`);
  assertEquals(await said(world, "/usr/share/games/dash", "-c", "echo by qemu"), "by qemu");
});

rule("a user's layer comes above the system's", async () => {
  using world = await colours(`[defaults]\ninterpreter = "red"\n`);
  const home = world.outside("/home/user");
  world.file(
    "/home/user/.config/binfmt-dispatcher/binfmt-dispatcher.toml",
    `[binaries.mine]\npath = "~/mine/**"\ninterpreter = "green"\n`,
  );
  await Deno.mkdir(`${home}/mine`);
  await Deno.copyFile(await busybox(FOREIGN), `${home}/mine/program`);
  const start = async (program: string, env: Record<string, string>) =>
    (await world.run([program], { env, plain: true })).stdout;
  const mine = `${home}/mine/program`;
  assertEquals(await start(mine, { HOME: home }), `green: [${mine}]\n`);
  assertEquals(await start(PROGRAM, { HOME: home }), `red: [${PROGRAM}]\n`);
  assertEquals(await start(mine, {}), `red: [${mine}]\n`);
});

rule("BINFMT_DISPATCHER_INTERPRETER picks one for a program and those that it starts", async () => {
  using world = await colours("");
  const start = (id: string, ...argv: string[]) =>
    world.run(argv, { env: { BINFMT_DISPATCHER_INTERPRETER: id } });
  assertEquals((await start("green", PROGRAM, "1")).stdout, `green: [${PROGRAM}] [1]\n`);
  const inner = `${PROGRAM} 1; unset BINFMT_DISPATCHER_INTERPRETER; ${PROGRAM} echo 2`;
  assertEquals((await start("blue", "sh", "-c", inner)).stdout, `blue: [${PROGRAM}] [1]\n2\n`);
  const unknown = await start("gren", PROGRAM);
  assertEquals([unknown.status, unknown.stdout], [126, ""]);
  assert(unknown.stderr.includes("“gren”"), unknown.stderr);
});

rule("an interpreter that is picked but made for other machines is passed over", async () => {
  using world = await colours('[interpreters.red]\nmachines = ["sh4"]\n');
  const env = { BINFMT_DISPATCHER_INTERPRETER: "red" };
  assertEquals((await world.run([PROGRAM, "echo", "by qemu"], { env })).stdout, "by qemu\n");
});

rule("a user's layer that others can write does not count", async () => {
  using world = await colours("");
  const layer = "/home/.config/binfmt-dispatcher/binfmt-dispatcher.toml";
  const env = { HOME: `${world.folder}/home` };
  const start = async () =>
    (await world.run([PROGRAM, "echo", "by qemu"], { env, plain: true })).stdout;
  world.file(layer, '[defaults]\ninterpreter = "red"\n', 0o644);
  assertEquals(await start(), `red: [${PROGRAM}] [echo] [by qemu]\n`);
  world.file(layer, '[defaults]\ninterpreter = "red"\n', 0o666);
  assertEquals(await start(), "by qemu\n");
});
