// Shows docs/security.md#a-local-user-against-the-privileged-side
/** The caller has no influence on the privileged side. */
import { assert, assertEquals } from "@std/assert";
import { ADMIN_LAYER, RESOLVER, USER_LAYER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import {
  INSTALLED,
  InstallWorld,
  LAYER,
  MACHINE,
  NEEDS,
  NEEDS_ALICE,
  PROGRAM,
  QUERY,
} from "./install_world.ts";

const NEED = `emu@${MACHINE}`;

/** A user's layer that names other packages, and another interpreter. */
const EVIL = LAYER.replaceAll('"emu"', '"evil"').replaceAll("emu-extras", "evil-extras")
  .replace('interpreter = "evil"', 'interpreter = "emu"') +
  '[interpreters.evil]\npath = "/run/shared/evil"\nmachines = ["hexagon"]\n' +
  'packages = { apt = ["evil"] }\n';

test({
  name: "privileged-install takes one argument, an interpreter of root's configuration",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const refused = async (...args: string[]) => {
      const { status, stderr } = await world.withoutTerminal([
        RESOLVER,
        "privileged-install",
        ...args,
      ]);
      assertEquals(status, 2, stderr);
      assertEquals(world.takeLog(), []);
    };
    for (const need of ["", "emu", "@", `@${MACHINE}`, "emu@", "emu@nowhere", "emu@x86_64"]) {
      await refused(need);
    }
    for (const need of ["evil@hexagon", "../emu@hexagon", "-y", "--root=/", "--help", "emu@a@b"]) {
      await refused(need);
    }
    await refused();
    await refused(NEED, NEED);
    await refused("--root", "/run/root", NEED);
    await refused(NEED, "--root=/run/root");
    const { status, stderr } = await world.withoutTerminal([RESOLVER, "privileged-install", NEED]);
    assertEquals(status, 0, stderr);
    assertEquals(world.takeLog().at(-1), INSTALLED);
  },
});

test({
  name: "privileged-install refuses users other than root",
  needs: NEEDS_ALICE,
  fn: async () => {
    using world = new InstallWorld();
    const words = `${RESOLVER} privileged-install ${NEED}; echo status $?`;
    const { stdout } = await world.atTerminal(words, "", { alice: true });
    assert(stdout.includes("only root may install packages"), stdout);
    assert(stdout.includes("status 2"), stdout);
    assertEquals(world.takeLog(), []);
  },
});

test({
  name: "privileged-install reads no user's layer, whatever the environment says",
  needs: [...NEEDS, "binfmt_misc", "strace"],
  fn: async () => {
    using world = new InstallWorld();
    const home = world.outside("/home/evil");
    world.file(`/home/evil/.config/${USER_LAYER}`, EVIL);
    world.file("/home/evil/bin/apt-get", "#!/bin/sh\necho evil >> /run/shared/log\n", 0o755);
    const env = {
      ...{ HOME: home, XDG_CONFIG_HOME: `${home}/.config`, XDG_DATA_HOME: home, TMPDIR: home },
      ...{ PATH: `${home}/bin:/usr/bin:/bin`, BINFMT_DISPATCHER_INTERPRETER: "evil" },
      ...{ APT_CONFIG: `${home}/apt.conf`, PYTHONPATH: home, DENO_DIR: home },
    };
    const trace = ["strace", "-f", "-e", "trace=file", "-o", "/run/trace"];
    const argv = [...trace, RESOLVER, "privileged-install", NEED];
    const { status, stderr } = await world.run(argv, { env });
    assertEquals(status, 0, stderr);
    assertEquals(world.takeLog().at(-1), INSTALLED);
    const traced = Deno.readTextFileSync(world.outside("/run/trace"));
    // The first line is strace's execve, with the environment.
    const opened = traced.split("\n").slice(1).filter((line) => line.includes(home));
    assertEquals(opened, []);
  },
});

test({
  name: "package managers start in / with a clean environment, umask 0022 and no input",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    world.script(
      "apt-get",
      "{ env | sort; pwd; umask; cat; ls -l /proc/$$/fd; } > /run/shared/seen",
    );
    const env = { APT_CONFIG: "/evil", PYTHONPATH: "/evil", LANG: "de_DE.UTF-8", EVIL: "1" };
    const words = `umask 0; exec ${RESOLVER} privileged-install ${NEED}`;
    await world.run(["sh", "-c", words], { env, stdin: "y\n" });
    const seen = Deno.readTextFileSync(world.outside("/run/shared/seen"));
    for (const word of ["evil", "EVIL", "de_DE", "y\n"]) assert(!seen.includes(word), seen);
    assert(seen.includes("LC_ALL=C.UTF-8"), seen);
    for (const line of ["/", "0022"]) assert(seen.split("\n").includes(line), seen);
    assert(/ 0 -> \/dev\/null/.test(seen), seen);
  },
});

test({
  name: "a user's layer can decide what runs, but not what is installed",
  needs: NEEDS_ALICE,
  fn: async () => {
    using world = new InstallWorld();
    world.script("pkexec", "exit 1");
    world.file("/run/layer", EVIL);
    const words = `mkdir -p $HOME/.config/binfmt-dispatcher
      cp /run/layer $HOME/.config/${USER_LAYER}
      ${RESOLVER} install ${PROGRAM} --yes
      ${RESOLVER} install evil --yes; echo status $?`;
    const { stdout } = await world.atTerminal(words, "", { alice: true });
    const asked = world.takeLog();
    assert(asked.includes(`pkexec ${RESOLVER} privileged-install ${NEED}`), asked.join("\n"));
    assertEquals(asked.filter((line) => line.includes("evil")), []);
    assert(stdout.includes("has no packages"), stdout);
  },
});

test({
  name: "a list of packages with an option or a file in it is ignored",
  needs: NEEDS,
  fn: async () => {
    for (const name of ["-oDir=/evil", "--allow-unauthenticated", "./evil.deb", "/run/evil.deb"]) {
      using world = new InstallWorld();
      world.file(ADMIN_LAYER, `[interpreters.emu]\npackages = { apt = ["${name}"] }\n`);
      await world.withoutTerminal([RESOLVER, "privileged-install", NEED]);
      assertEquals(world.takeLog(), [QUERY, INSTALLED], name);
    }
  },
});
