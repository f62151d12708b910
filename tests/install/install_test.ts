// Shows docs/security.md#a-foreign-program-against-its-user
/** Installation from the question to the program's start, with scripts for package managers. */
import { assert, assertEquals } from "@std/assert";
import { basename } from "@std/path";
import { RPM_OSTREE } from "../../lib/install/managers/rpm_ostree.ts";
import { RESOLVER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { headersOf } from "../programs.ts";
import { register } from "../real/foreign.ts";
import {
  aptInstall,
  assertIncludes,
  EMULATOR,
  INSTALL_SCRIPT,
  INSTALLED,
  InstallWorld,
  LAYER,
  MACHINE,
  NEEDS,
  NEEDS_ALICE,
  PROGRAM,
  QUERY,
  times,
} from "./install_world.ts";

const QUESTION = `“game” is made for ${MACHINE} computers. To run it here, Emu is needed: emu, ` +
  "emu-extras (240 MB, with apt).";

test({
  name: "a program without its interpreter runs unchanged after one question",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const words = `exec 7</dev/null; A=b ${PROGRAM} one '' two; echo status $?`;
    const { stdout } = await world.atTerminal(words, "y\n");
    assertIncludes(stdout, `${QUESTION}\n`, "Install? [y/N]", "Emu is installed");
    assertIncludes(stdout, `emulator ${EMULATOR} has ${PROGRAM} one  two\nstatus 0`);
    assert(!stdout.includes("password"), "root needs no password");
    assertEquals(world.takeLog(), [QUERY, INSTALLED]);
    assertIncludes((await world.atTerminal(PROGRAM, "")).stdout, "emulator");
    assertEquals(world.takeLog(), []);
  },
});

test({
  name: "after a no, 100 starts ask once, and end with 126 and 127",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const words = `for i in $(seq 100); do ${PROGRAM}; echo status $?; done`;
    for (const keys of ["n\n", "\n", "yesterday\n", "\x04"]) {
      const { stdout } = await world.atTerminal(words, keys);
      assertEquals(times(stdout, QUESTION), 1, stdout);
      assertEquals(times(stdout, "status 126"), 1);
      assertEquals(times(stdout, "status 127"), 99);
      assertIncludes(stdout, "Emu is needed, and its installation was declined");
      assertEquals(world.takeLog(), [QUERY]);
      world.forgetRefusal();
    }
  },
});

test({
  name: "keys typed before the question do not answer it",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const words = `echo ready; sleep 0.5; ${PROGRAM}; echo status $?`;
    const answers = [["ready", "y\n"], ["Install? [y/N] ", "n\n"]] as const;
    const { stdout } = await world.atTerminal(words, answers);
    assertIncludes(stdout, "Emu is needed, and its installation was declined", "status 126");
    assertEquals(world.takeLog(), [QUERY]);
  },
});

test({
  name: "with [defaults] ask = false a start does not ask, and says what to install",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld(LAYER.replace("[defaults]", "[defaults]\nask = false"));
    const { stdout } = await world.atTerminal(`${PROGRAM}; echo status $?`, "");
    assertIncludes(stdout, `Cannot run “${PROGRAM}”`, "apt install emu", "status 127");
    assert(!stdout.includes("[y/N]"), stdout);
    assertEquals(world.takeLog(), []);
    const asked = await world.atTerminal(`binfmt-dispatcher install ${PROGRAM}`, "n\n");
    assertIncludes(asked.stdout, "[y/N]");
  },
});

test({
  name: "without a terminal a start does not ask, and says what to install",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const { status, stdout, stderr } = await world.withoutTerminal([PROGRAM]);
    assertEquals([status, stdout], [127, ""]);
    const [first, second, ...more] = stderr.split("\n");
    assertIncludes(first!, `Cannot run “${PROGRAM}”`, `Emu needs ${EMULATOR}`);
    assertIncludes(second!, "binfmt-dispatcher install PROGRAM, or as root: apt install emu");
    assertEquals(more, [""]);
    const piped = await world.atTerminal(`echo | ${PROGRAM}; echo status $?`, "y\n");
    assertIncludes(piped.stdout, "status 127", "apt install emu");
    assertEquals(world.takeLog(), []);
  },
});

test({
  name: "users other than root get pkexec's password prompt, and pkexec gets one argument",
  needs: NEEDS_ALICE,
  fn: async () => {
    using world = new InstallWorld();
    world.script("pkexec", INSTALL_SCRIPT);
    const { stdout } = await world.atTerminal(PROGRAM, "y\n", { alice: true });
    assertIncludes(
      stdout,
      `${QUESTION} You will be asked for an administrator's password.\n`,
      "emulator",
    );
    const privileged = `pkexec ${RESOLVER} privileged-install emu@${MACHINE}`;
    assertEquals(world.takeLog(), [QUERY, privileged]);
  },
});

for (
  const [status, pieces] of [
    [126, ["status 126", "authentication was cancelled"]],
    [127, ["status 127", "pkexec could not obtain root privileges", "As root: apt install emu"]],
    [1, ["status 127", "Emu could not be installed"]],
  ] as const
) {
  test({
    name: `pkexec's exit status ${status} gives a message and no second question`,
    needs: NEEDS_ALICE,
    fn: async () => {
      using world = new InstallWorld();
      world.script("pkexec", `exit ${status}`);
      const words = `${PROGRAM}; echo status $?`;
      const { stdout } = await world.atTerminal(words, "y\n", { alice: true });
      assertIncludes(stdout, ...pieces);
      assertEquals(times(stdout, "Install?"), 1, stdout);
      assertEquals(world.takeLog().length, 2);
    },
  });
}

test({
  name: "the first interpreter of the list with available packages is offered",
  needs: NEEDS,
  fn: async () => {
    const first = `[interpreters.first]\nname = "First"\npath = "/usr/bin/first"\n` +
      `machines = ["${MACHINE}"]\npackages = { apt = ["nowhere"] }\n`;
    using world = new InstallWorld(LAYER.replace('"emu"', '["first", "emu"]') + first);
    const { stdout } = await world.atTerminal(PROGRAM, "y\n");
    assertIncludes(stdout, "Emu is needed", "emulator");
    assertEquals(world.takeLog().at(-1), INSTALLED);
  },
});

test({
  name: "an override that is not installed is offered",
  needs: NEEDS,
  fn: async () => {
    const layer = LAYER.replace('interpreter = "emu"', "interpreter = []");
    using world = new InstallWorld(layer);
    const words = `BINFMT_DISPATCHER_INTERPRETER=emu ${PROGRAM}`;
    const { stdout } = await world.atTerminal(words, "y\n");
    assertIncludes(stdout, QUESTION, "emulator");
  },
});

test({
  name: "if there is no package, a message says so with the interpreter's hint",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    world.script("apt-cache", "exit 100");
    const { stdout } = await world.atTerminal(`${PROGRAM}; echo status $?`, "y\n");
    assertIncludes(stdout, "and apt has no packages for that\n  Ask your dealer\nstatus 127");
    assertEquals(world.takeLog(), [QUERY]);
    world.file("/etc/os-release", "ID=plan9\n");
    for (const name of ["apt-get", "dnf", "dnf5", "pacman", "zypper"]) world.hide(name);
    world.forgetRefusal();
    const none = await world.atTerminal(PROGRAM, "y\n");
    assertIncludes(none.stdout, "and no supported package manager was found\n  Ask your dealer");
  },
});

test({
  name: "if there is no package and no hint, a message says what was looked for",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld(LAYER.replace(/^hint = .*$/m, ""));
    world.script("apt-cache", "exit 100");
    const { stdout } = await world.atTerminal(PROGRAM, "y\n");
    const hint = "  Looked for: emu. If the lists are old, run “apt-get update” as root.";
    assertIncludes(stdout, `and apt has no packages for that\n${hint}`);
  },
});

test({
  name: "a message says that the interpreter is still missing, without a second question",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    world.script("apt-get", "exit 0");
    const { stdout } = await world.atTerminal(`${PROGRAM}; echo status $?`, "y\n");
    assertIncludes(stdout, `Emu is installed, but ${EMULATOR} is still missing\nstatus 127`);
    assertEquals(world.takeLog(), [QUERY, INSTALLED]);
  },
});

test({
  name: "Ctrl-C at the question is a no and leaves nothing behind",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const words = `trap : INT; ${PROGRAM}; echo status $?; ls -A /run/binfmt-dispatcher`;
    const { stdout } = await world.atTerminal(words, [["Install? [y/N]", "\x03"]]);
    assertIncludes(stdout, "status 126");
    assertEquals(world.takeLog(), [QUERY]);
  },
});

test({
  name: "install takes an interpreter's ID, a machine or a program",
  needs: NEEDS,
  fn: async () => {
    for (const subject of ["emu", `--machine ${MACHINE}`, PROGRAM, `--machine=${MACHINE} emu`]) {
      using world = new InstallWorld();
      const words = `${RESOLVER} install ${subject}; echo status $?`;
      const { stdout } = await world.atTerminal(words, "y\n");
      assertIncludes(stdout, "Emu is needed", "Emu is installed.\nstatus 0");
      assertEquals(world.takeLog(), [QUERY, INSTALLED]);
      assertIncludes(
        (await world.atTerminal(words, "")).stdout,
        "Nothing is missing: Emu",
        "status 0",
      );
    }
  },
});

test({
  name: "install says that native programs and scripts need nothing",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    world.file("/run/script", "#!/bin/sh\n", 0o755);
    for (const program of ["/bin/true", "/run/script"]) {
      const { status, stdout, stderr } = await world.withoutTerminal([
        RESOLVER,
        "install",
        program,
      ]);
      assertEquals([status, stderr], [0, ""]);
      assertEquals(stdout, `Nothing is missing: the kernel runs “${program}” natively.\n`);
    }
    assertEquals(world.takeLog(), []);
  },
});

test({
  name: "install --yes does not ask, --dry-run only prints, and else a person is needed",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const told = await world.withoutTerminal([RESOLVER, "install", "--dry-run", PROGRAM]);
    assertEquals(told.stdout.replaceAll("'", ""), `/usr/bin/${INSTALLED}\n`);
    assertEquals(world.takeLog(), [QUERY]);
    const nobody = await world.withoutTerminal([RESOLVER, "install", PROGRAM]);
    assertEquals(nobody.status, 1);
    const hint = ["--machine", MACHINE, "--", "emu"];
    assertIncludes(nobody.stderr, "there is nobody to ask", `install --yes ${hint.join(" ")}\n`);
    assertEquals(world.takeLog(), [QUERY]);
    const yes = await world.withoutTerminal([RESOLVER, "install", "-y", ...hint]);
    assertEquals(yes.status, 0, yes.stderr);
    assertEquals(world.takeLog(), [QUERY, INSTALLED]);
  },
});

test({
  name: "a dynamic program without its loader is offered the C library, if there is one",
  needs: NEEDS,
  fn: async () => {
    const loader = "/lib/ld-linux-riscv64-lp64d.so.1";
    const layer = LAYER.replaceAll(MACHINE, "riscv64")
      .replace('"emu-extras?"', '"libc6-{debian}-cross?"')
      .replace("hint =", 'sysroot = "/run/shared/{gnu}"\nhint =');
    using world = new InstallWorld(layer);
    register(world, "riscv64");
    world.file(PROGRAM, headersOf("riscv64", { interp: loader }), 0o755);
    world.file("/run/shared/emulator-riscv64", "#!/bin/sh\necho emulator has $1\n", 0o755);
    const none = await world.atTerminal(PROGRAM, "y\n");
    assertIncludes(
      none.stdout,
      `it needs the riscv64 C library (${loader}), and apt has no packages`,
    );
    world.takeLog();
    world.forgetRefusal();
    world.aptHas("emu", "libc6-riscv64-cross");
    const below = "/run/shared/riscv64-linux-gnu/lib";
    world.script("apt-get", `mkdir -p ${below} && : > ${below}/ld-linux-riscv64-lp64d.so.1`);
    const { stdout } = await world.atTerminal(PROGRAM, "y\n");
    assertIncludes(
      stdout,
      `“game” needs the riscv64 C library (${loader}): emu, libc6-riscv64-cross (`,
    );
    assertIncludes(stdout, `emulator has ${PROGRAM}`);
    assertEquals(world.takeLog().at(-1), aptInstall("emu", "libc6-riscv64-cross"));
  },
});

test({
  name: "a program's name has no effect on a terminal or a shell",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    world.script("apt-cache", "exit 100");
    const words = `cp ${PROGRAM} "/run/shared/$(printf 'a\\033]0;x\\007 b;c')"; /run/shared/a*`;
    const { stdout } = await world.atTerminal(words, "y\n");
    assertIncludes(stdout, "Cannot run “/run/shared/a\\u001b]0;x\\u0007 b;c”", "has no packages");
    world.forgetRefusal();
    const { stderr } = await world.withoutTerminal(["sh", "-c", "/run/shared/a*"]);
    assert(!stdout.includes("\x1b") && !stderr.includes("\x1b"), stderr);
    assert(!stderr.includes("install /run"), stderr);
  },
});

/** A world of another distribution, without a package manager. */
function elsewhere(id: string, layer = LAYER): InstallWorld {
  const world = new InstallWorld(layer);
  world.file("/etc/os-release", `ID=${id}\n`);
  for (const name of ["apt-get", "dnf", "dnf5", "pacman", "zypper", "rpm-ostree"]) world.hide(name);
  return world;
}

test({
  name: "rpm-ostree's messages before and after the installation mention the restart",
  needs: NEEDS,
  fn: async () => {
    using world = elsewhere("fedora");
    world.file("/run/ostree-booted", "");
    world.reveal("rpm-ostree");
    world.script("rpm-ostree", "exit 0");
    const { stdout } = await world.atTerminal(`${PROGRAM}; echo status $?`, "y\n");
    assertIncludes(stdout, "emu-rpm (with rpm-ostree). It works after a restart of the computer.");
    assertIncludes(stdout, "Emu is installed, but works only after a restart", "status 127");
    const { path, args } = RPM_OSTREE.install("/usr/bin/rpm-ostree", ["emu-rpm"]);
    assertEquals(world.takeLog(), [[basename(path), ...args].join(" ")]);
  },
});

for (
  const [id, name, script, asked] of [
    ["fedora", "dnf5", 'case $* in *repoquery*) printf "found emu-rpm 5000\\n";;', "emu-rpm (5 kB"],
    ["arch", "pacman", 'case $1 in -Si) printf "Name : emu-arch\\n";;', "emu-arch (with pacman"],
    [
      "opensuse-tumbleweed",
      "zypper",
      `case $* in *search*) printf '<solvable name="emu-suse" kind="package"/>\\n';;`,
      "emu-suse (with zypper",
    ],
  ] as const
) {
  test({
    name: `${name} installs an interpreter on its own distribution`,
    needs: NEEDS,
    fn: async () => {
      using world = elsewhere(id);
      world.reveal(name);
      world.script(name, `${script} *) ${INSTALL_SCRIPT};; esac`);
      const { stdout } = await world.atTerminal(PROGRAM, "y\n");
      assertIncludes(stdout, asked, "emulator");
    },
  });
}

test({
  name: "if no package is named, dnf looks for the one with the missing file",
  needs: NEEDS,
  fn: async () => {
    const path = "/usr/bin/emulator-file";
    const layer = LAYER.replace(/dnf = .*\n/, "").replaceAll(EMULATOR, path);
    using world = elsewhere("fedora", layer);
    world.reveal("dnf5");
    const answers =
      `*--file=${path}*) echo found emu-by-file;; *repoquery*) echo found emu-by-file 7;;`;
    world.script("dnf5", `case $* in ${answers} esac`);
    const { stdout } = await world.atTerminal(PROGRAM, "y\n");
    assertIncludes(stdout, "Emu is needed: emu-by-file (1 kB, with dnf)");
    assert(world.takeLog().at(-1)!.endsWith("install emu-by-file"));
  },
});

test({
  name: "install gets the path where the kernel found the program, whatever its argv[0]",
  needs: NEEDS,
  fn: async () => {
    for (const name of ["-y", "--help", "emu", "a b", "ä%41"]) {
      using world = new InstallWorld();
      // bash would look for a name without a slash on PATH; env's execvp does not, with this PATH.
      const words = `cp ${PROGRAM} '/run/shared/${name}'; cd /run/shared; ` +
        `PATH= /usr/bin/env -- '${name}' one`;
      const { stdout } = await world.atTerminal(words, "y\n");
      assertIncludes(stdout, `“${name}” is made for`, "emulator", "one");
    }
  },
});
