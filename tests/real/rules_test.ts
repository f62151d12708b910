/** Which interpreter a program gets: rules by path, lists, linkage, templates. */
import { assert, assertEquals } from "@std/assert";
import { ADMIN_LAYER, ADMIN_LAYERS, RESOLVER, USER_LAYER } from "../../lib/paths.ts";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import {
  addLibrary,
  busybox,
  dash,
  FOREIGN,
  NEEDS,
  NEEDS_OWNERS,
  PROBE,
  probe,
  worldFor,
} from "./foreign.ts";

const PROGRAM = "/usr/share/games/a/busybox";

/**
 * A world with this configuration in /etc, a foreign static program at PROGRAM, and interpreters
 * that print their arguments: red, green and blue.
 */
async function colours(configuration: string, more = ""): Promise<World> {
  const world = worldFor(FOREIGN);
  for (const name of ["red", "green", "blue"]) world.file(`/usr/bin/${name}`, PROBE, 0o755);
  world.file(
    `${ADMIN_LAYERS}/10-colours.toml`,
    ["red", "green", "blue"].map((name) => probe(name, more)).join(""),
  );
  world.file(ADMIN_LAYER, configuration);
  world.bind(await busybox(FOREIGN), PROGRAM);
  return world;
}

async function said(world: World, ...argv: string[]): Promise<string> {
  const { status, stdout, stderr } = await world.run(argv, { cwd: "/usr/share" });
  return status === 0 && stderr === "" ? stdout.trimEnd() : `${status}: ${stdout}${stderr}`;
}

function rule(name: string, fn: () => Promise<void>, needs = NEEDS): void {
  test({ name, needs, fn });
}

rule("a rule by exact path, by directory or by glob chooses the interpreter", async () => {
  const paths = [PROGRAM, "/usr/share/games/", "/usr/**/[a-c]usybox", "/usr/share/*/a/{x,busybox}"];
  for (const path of paths) {
    using world = await colours(`[binaries.game]\npath = "${path}"\ninterpreter = "red"\n`);
    assertEquals(await said(world, PROGRAM, "one", ""), `red: [${PROGRAM}] [one] []`, path);
  }
});

rule("programs without a rule keep the default interpreter", async () => {
  const paths = [`${PROGRAM}s`, "/usr/share/game/", "/usr/share/*", "/usr/share/games/?", "~/**"];
  for (const path of paths) {
    using world = await colours(`[binaries.game]\npath = "${path}"\ninterpreter = "red"\n`);
    assertEquals(await said(world, PROGRAM, "echo", "one"), "one", path);
  }
});

rule("of several rules an exact path wins, then the longer prefix", async () => {
  const rules = [
    '[binaries.everything]\npath = "/usr/**"\ninterpreter = "blue"\n',
    '[binaries.games]\npath = "/usr/share/games/"\ninterpreter = "green"\n',
    `[binaries.this]\npath = "${PROGRAM}"\ninterpreter = "red"\n`,
  ];
  for (const [i, wanted] of ["blue", "green", "red"].entries()) {
    using world = await colours(rules.slice(0, i + 1).join(""));
    assertEquals(await said(world, PROGRAM), `${wanted}: [${PROGRAM}]`);
  }
});

rule(
  "a rule matches the target of a link, and the program gets the link's path",
  async () => {
    using world = await colours(`[binaries.game]\npath = "${PROGRAM}"\ninterpreter = "red"\n`);
    world.link("/usr/bin/by-link", "../share/by-another");
    world.link("/usr/share/by-another", PROGRAM);
    assertEquals(await said(world, "/usr/bin/by-link", "1"), "red: [/usr/bin/by-link] [1]");
    assertEquals(await said(world, "by-link", "2"), "red: [/usr/bin/by-link] [2]");
    assertEquals(await said(world, "./games/a/../a/busybox"), "red: [./games/a/../a/busybox]");
  },
);

rule("a rule with a link's path matches its target, whatever name starts it", async () => {
  using world = await colours(`[binaries.link]\npath = "/usr/bin/by-link"\ninterpreter = "blue"\n`);
  world.link("/usr/bin/by-link", PROGRAM);
  assertEquals(await said(world, "by-link"), "blue: [/usr/bin/by-link]");
  assertEquals(await said(world, PROGRAM), `blue: [${PROGRAM}]`);
  assertEquals(await said(world, "games/a/busybox"), "blue: [games/a/busybox]");
});

/** Starts the program by its name in that directory. */
const STARTS = (directory: string) => `(cd ${directory} && exec ./busybox echo)`;

rule(
  "a rule with a link to a directory matches the directory's files, whatever name starts them",
  async () => {
    const paths = ["/usr/share/l/", "/usr/share/l/**", "/usr/share/l/a/busy*", "/usr/l/l/a/"];
    for (const path of paths) {
      using world = await colours(`[binaries.game]\npath = "${path}"\ninterpreter = "red"\n`);
      world.link("/usr/share/l", "./games");
      world.link("/usr/l", "/usr/share");
      assertEquals(await said(world, PROGRAM), `red: [${PROGRAM}]`, path);
      assertEquals(await said(world, "l/a/busybox"), "red: [l/a/busybox]", path);
      assertEquals(await said(world, "sh", "-c", STARTS("l/a")), "red: [./busybox] [echo]", path);
      assertEquals(
        await said(world, "sh", "-c", STARTS("games/a")),
        "red: [./busybox] [echo]",
        path,
      );
    }
  },
);

rule("a rule for a file in /bin matches it in /usr/bin if both are one directory", async () => {
  assertEquals(Deno.readLinkSync("/bin"), "usr/bin");
  using world = await colours(`[binaries.x]\npath = "/bin/busybox-x"\ninterpreter = "red"\n`);
  world.bind(await busybox(FOREIGN), "/usr/bin/busybox-x");
  for (const name of ["/usr/bin/busybox-x", "/bin/busybox-x", "../bin/busybox-x"]) {
    assertEquals(await said(world, name), `red: [${name}]`);
  }
  assertEquals(await said(world, "busybox-x"), "red: [/usr/bin/busybox-x]");
});

rule("a rule's precedence follows from its own path, not from its links' targets", async () => {
  const rules = `[binaries.long]\npath = "/usr/share/a-longer-name/"\ninterpreter = "red"
     [binaries.file]\npath = "/usr/share/games/"\ninterpreter = "green"
     [binaries.short]\npath = "/usr/l"\ninterpreter = "blue"`;
  using one = await colours(rules);
  one.link("/usr/share/a-longer-name", "games");
  assertEquals(await said(one, PROGRAM), `red: [${PROGRAM}]`);
  using both = await colours(rules);
  both.link("/usr/share/a-longer-name", "games");
  both.link("/usr/l", PROGRAM);
  assertEquals(await said(both, PROGRAM), `blue: [${PROGRAM}]`, "it is an exact path");
});

/** A user's home, in which `games` is a link to another disk; both are paths on this machine. */
async function homeWithLink(world: World): Promise<{ HOME: string; disk: string }> {
  const [HOME, disk] = ["/home/user", "/home/disk/games"].map((path) => world.outside(path));
  world.file("/home/disk/games/a/busybox", "");
  Deno.mkdirSync(HOME!);
  Deno.copyFileSync(await busybox(FOREIGN), `${disk}/a/busybox`);
  Deno.chmodSync(`${disk}/a/busybox`, 0o755);
  Deno.symlinkSync("../disk/games", `${HOME}/games`);
  return { HOME: HOME!, disk: disk! };
}

for (const isOwn of [false, true]) {
  const layer = isOwn ? "the user's own" : "the system's";
  rule(`a link below home in ${layer} layer is followed for the home's owner`, async () => {
    for (const path of ["~/games/", "~/games/**", "~/games/a/busybox", "~/games/*/busy*"]) {
      const layer = `[binaries.games]\npath = "${path}"\ninterpreter = "red"\n`;

      using world = await colours(isOwn ? "" : layer);
      const { HOME, disk } = await homeWithLink(world);
      if (isOwn) world.file(`/home/user/.config/${USER_LAYER}`, layer);
      const start = async (directory: string, home: string) => {
        const options = { env: { HOME: home }, plain: true };
        return (await world.run(["sh", "-c", STARTS(directory)], options)).stdout.trimEnd();
      };
      assertEquals(await start(`${HOME}/games/a`, HOME), "red: [./busybox] [echo]", path);
      assertEquals(await start(`${disk}/a`, HOME), "red: [./busybox] [echo]", path);
      Deno.mkdirSync(world.outside("/home/other"));
      assertEquals(await start(`${disk}/a`, world.outside("/home/other")), "", path);
    }
  });
}

rule("a home reached by a link, as on image-based systems, is the same home", async () => {
  using world = await colours("");
  world.link("/home/h", "var/home");
  const [HOME, real] = ["/home/h/u", "/home/var/home/u"].map((path) => world.outside(path));
  Deno.mkdirSync(`${real}/games`, { recursive: true });
  Deno.copyFileSync(await busybox(FOREIGN), `${real}/games/busybox`);
  for (const path of ["~/games/", `${HOME}/games/`, `${HOME}/*/busybox`, `${real}/games/`]) {
    const layer = `[binaries.games]\npath = "${path}"\ninterpreter = "red"\n`;
    world.file(ADMIN_LAYER, layer);
    for (const directory of [HOME, real]) {
      for (const command of [STARTS(`${directory}/games`), `${directory}/games/busybox echo`]) {
        const options = { env: { HOME: HOME! }, plain: true };
        const { stdout, stderr } = await world.run(["sh", "-c", command], options);
        assert(stdout.startsWith("red: ["), `${path} ${command} ${stdout}${stderr}`);
      }
    }
  }
});

/** `ask` prints which programs in /run/a and /run/b red runs, and if the table is the same. */
const ASK = `
ask() {
  for each in a b; do (cd /run/$each && ./busybox echo $each); done
  table=$(stat -c %i /run/binfmt-dispatcher/routes-*)
  if [ "$table" = "\${last:-}" ]; then echo same; fi
  last=$table
}
sleep 0.05; ask >/dev/null`;

rule("changing or removing a link applies to the next start", async () => {
  using world = await colours(`[binaries.l]\npath = "/run/x/l/"\ninterpreter = "red"\n`);
  for (const name of ["a", "b"]) world.bind(await busybox(FOREIGN), `/run/${name}/busybox`);
  const steps: readonly (readonly [string, string])[] = [
    ["true", "a b same"],
    // A new link applies from the next table on. Tables are moved away so that no inode is reused.
    ["mkdir /run/x && ln -s ../a /run/x/l", "a b same"],
    ["mv /run/binfmt-dispatcher/routes-* /run/one", "red(a) b"],
    ["touch /run/x/other /run/a", "red(a) b same"],
    ["ln -sfn ../b /run/x/l", "a red(b)"],
    ["ln -sfn /run/later /run/x/l", "a b"],
    ["ln -s a /run/later && mv /run/binfmt-dispatcher/routes-* /run/two", "red(a) b"],
    ["mv /run/x /run/y && ln -s y /run/x && ln -sfn ../b /run/y/l", "a red(b)"],
    ["ln -sfn l /run/y/l", "a b"],
  ];
  const script = steps.map(([change]) => `${change}; ask; echo ---`).join("\n");
  const { stdout, stderr } = await world.run(["sh", "-c", `${ASK}\n${script}`]);
  assertEquals(stderr, "");
  const told = stdout.trimEnd().replaceAll(/red: \[[^\]]*\] \[echo\] \[(.)\]/g, "red($1)")
    .split("\n---").map((each) => each.trim().replaceAll("\n", " "));
  assertEquals(told.slice(0, steps.length), steps.map(([, wanted]) => wanted));
}, [...NEEDS, "binfmt_misc"]);

rule("explain shows how a rule's links lead to the program", async () => {
  using world = await colours(`[binaries.game]\npath = "/usr/share/l/"\ninterpreter = "red"\n`);
  world.link("/usr/share/l", "games/a");
  const { stdout } = await world.run([RESOLVER, "explain", PROGRAM]);
  assert(stdout.includes("path “/usr/share/l/”"), stdout);
  assert(stdout.includes("through links, which lead to “/usr/share/games/a/”\n"), stdout);
  assert(stdout.includes("red (/usr/bin/red) runs it"), stdout);
  const dump = await world.run([RESOLVER, "routes", "--dump"]);
  for (const line of ["/usr/share/l/  rule 1\n", "/usr/share/games/a/  rule 1, through links\n"]) {
    assert(dump.stdout.includes(line), dump.stdout);
  }
});

rule("the first installed interpreter of a list runs the program", async () => {
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

rule("args and env define what the interpreter is given", async () => {
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

rule("an interpreter for dynamic programs is skipped for static ones", async () => {
  using world = await colours(
    `[defaults]\ninterpreter = ["red", "qemu"]\n[interpreters.red]\nlinkage = "dynamic"\n`,
  );
  await addLibrary(world, FOREIGN);
  world.bind(await dash(FOREIGN), "/usr/share/games/dash");
  assertEquals(await said(world, PROGRAM, "echo", "by qemu"), "by qemu");
  assertEquals(await said(world, "/usr/share/games/dash"), "red: [/usr/share/games/dash]");
});

rule("an interpreter for static programs is skipped for dynamic ones", async () => {
  using world = await colours(
    `[defaults]\ninterpreter = ["red", "qemu"]\n[interpreters.red]\nlinkage = "static"\n`,
  );
  await addLibrary(world, FOREIGN);
  world.bind(await dash(FOREIGN), "/usr/share/games/dash");
  assertEquals(await said(world, PROGRAM), `red: [${PROGRAM}]`);
  assertEquals(await said(world, "/usr/share/games/dash", "-c", "echo by qemu"), "by qemu");
});

rule("a user's layer wins over the system's", async () => {
  using world = await colours(`[defaults]\ninterpreter = "red"\n`);
  const home = world.outside("/home/user");
  world.file(
    `/home/user/.config/${USER_LAYER}`,
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
}, NEEDS_OWNERS);

rule("BINFMT_DISPATCHER_INTERPRETER applies to a program and those that it starts", async () => {
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

rule("an override that is for other machines is skipped", async () => {
  using world = await colours('[interpreters.red]\nmachines = ["sh4"]\n');
  const env = { BINFMT_DISPATCHER_INTERPRETER: "red" };
  assertEquals((await world.run([PROGRAM, "echo", "by qemu"], { env })).stdout, "by qemu\n");
});

rule("a user's layer that others can write is ignored", async () => {
  using world = await colours("");
  const layer = `/home/.config/${USER_LAYER}`;
  const env = { HOME: `${world.directory}/home` };
  const start = async () =>
    (await world.run([PROGRAM, "echo", "by qemu"], { env, plain: true })).stdout;
  world.file(layer, '[defaults]\ninterpreter = "red"\n', 0o644);
  assertEquals(await start(), `red: [${PROGRAM}] [echo] [by qemu]\n`);
  world.file(layer, '[defaults]\ninterpreter = "red"\n', 0o666);
  assertEquals(await start(), "by qemu\n");
}, NEEDS_OWNERS);
