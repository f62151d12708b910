// Shows docs/security.md#a-foreign-program-against-its-user
/**
 * What is missing is offered, installed and used: the compiled program and the real kernel, with
 * scripts for package managers and pkexec.
 */
import { assert, assertEquals } from "@std/assert";
import { basename } from "@std/path";
import { RPM_OSTREE } from "../../lib/install/managers/rpm_ostree.ts";
import { RESOLVER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { headersOf } from "../programs.ts";
import { register } from "../real/foreign.ts";
import {
  aptAsked,
  aptInstalled,
  BRINGS,
  EMULATOR,
  InstallWorld,
  LAYER,
  MACHINE,
  NEEDS,
  NEEDS_ALICE,
  PROGRAM,
} from "./install_world.ts";

/** What the stand-in for apt was asked if emu is offered. */
const ASKED = [aptAsked("emu", "emu-extras")];
const INSTALLED = aptInstalled("emu", "emu-extras");
const QUESTION = `“game” is made for ${MACHINE} computers. To run it here, Emu is needed: emu, ` +
  "emu-extras (240 MB, with apt).";

function shown(text: string, ...pieces: readonly string[]): void {
  for (const piece of pieces) assert(text.includes(piece), `no “${piece}” in:\n${text}`);
}

test({
  name: "a program without its interpreter: one question, and it runs with everything it was given",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const words = `exec 7</dev/null; A=b ${PROGRAM} one '' two; echo status $?`;
    const { stdout } = await world.atTerminal(words, "y\n");
    shown(stdout, `${QUESTION}\n`, "Install? [y/N]", "Emu is installed");
    shown(stdout, `emulator ${EMULATOR} has ${PROGRAM} one  two\nstatus 0`);
    assert(!stdout.includes("password"), "root is asked for none");
    assertEquals(world.take(), [...ASKED, INSTALLED]);
    // Now it is installed.
    shown((await world.atTerminal(PROGRAM, "")).stdout, "emulator");
    assertEquals(world.take(), []);
  },
});

test({
  name: "a no is a no for some seconds: 100 starts ask once, and end with 126 and 127",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const words = `for i in $(seq 100); do ${PROGRAM}; echo status $?; done`;
    for (const keys of ["n\n", "\n", "yesterday\n", "\x04"]) {
      const { stdout } = await world.atTerminal(words, keys);
      assertEquals(stdout.split(QUESTION).length - 1, 1, stdout);
      assertEquals(stdout.split("status 126").length - 1, 1);
      assertEquals(stdout.split("status 127").length - 1, 99);
      shown(stdout, "Emu is needed, and its installation was declined");
      assertEquals(world.take(), ASKED);
      world.forgetNo();
    }
  },
});

test({
  name: "what was typed before the question does not answer it",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const words = `echo ready; sleep 0.5; ${PROGRAM}; echo status $?`;
    const answers = [["ready", "y\n"], ["Install? [y/N] ", "n\n"]] as const;
    const { stdout } = await world.atTerminal(words, answers);
    shown(stdout, "Emu is needed, and its installation was declined", "status 126");
    assertEquals(world.take(), ASKED);
  },
});

test({
  name: "with [defaults] ask = false a start asks nobody, and says what to install",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld(LAYER.replace("[defaults]", "[defaults]\nask = false"));
    const { stdout } = await world.atTerminal(`${PROGRAM}; echo status $?`, "");
    shown(stdout, `Cannot run “${PROGRAM}”`, "apt install emu", "status 127");
    assert(!stdout.includes("[y/N]"), stdout);
    assertEquals(world.take(), []);
    const asked = await world.atTerminal(`binfmt-dispatcher install ${PROGRAM}`, "n\n");
    shown(asked.stdout, "[y/N]");
  },
});

test({
  name: "with nobody there: no question, but at once what to install and how",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const { status, stdout, stderr } = await world.alone([PROGRAM]);
    assertEquals([status, stdout], [127, ""]);
    const [first, second, ...more] = stderr.split("\n");
    shown(first!, `Cannot run “${PROGRAM}”`, `Emu needs ${EMULATOR}`);
    shown(second!, "binfmt-dispatcher install PROGRAM, or as root: apt install emu");
    assertEquals(more, [""]);
    const piped = await world.atTerminal(`echo | ${PROGRAM}; echo status $?`, "y\n");
    shown(piped.stdout, "status 127", "apt install emu");
    assertEquals(world.take(), []);
  },
});

test({
  name: "other users than root get a password prompt from pkexec, which gets one argument",
  needs: NEEDS_ALICE,
  fn: async () => {
    using world = new InstallWorld();
    world.script("pkexec", BRINGS);
    const { stdout } = await world.atTerminal(PROGRAM, "y\n", { alice: true });
    shown(stdout, `${QUESTION} You will be asked for an administrator's password.\n`, "emulator");
    const privileged = `pkexec ${RESOLVER} privileged-install emu@${MACHINE}`;
    assertEquals(world.take(), [...ASKED, privileged]);
  },
});

for (
  const [what, status, pieces] of [
    ["closed", 126, ["status 126", "authentication was cancelled"]],
    ["refused", 127, [
      "status 127",
      "pkexec could not obtain root privileges",
      "As root: apt install emu",
    ]],
    ["failed", 1, ["status 127", "Emu could not be installed"]],
  ] as const
) {
  test({
    name: `pkexec's password prompt was ${what}: a message, and no second question`,
    needs: NEEDS_ALICE,
    fn: async () => {
      using world = new InstallWorld();
      world.script("pkexec", `exit ${status}`);
      const words = `${PROGRAM}; echo status $?`;
      const { stdout } = await world.atTerminal(words, "y\n", { alice: true });
      shown(stdout, ...pieces);
      assertEquals(stdout.split("Install?").length - 1, 1, stdout);
      assertEquals(world.take().length, 2);
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
    shown(stdout, "Emu is needed", "emulator");
    assertEquals(world.take().at(-1), INSTALLED);
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
    shown(stdout, QUESTION, "emulator");
  },
});

test({
  name: "if there is no package, a message says so with the interpreter's hint",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    world.script("apt-cache", "exit 100");
    const { stdout } = await world.atTerminal(`${PROGRAM}; echo status $?`, "y\n");
    shown(stdout, "and apt has no packages for that\n  Ask your dealer\nstatus 127");
    assertEquals(world.take(), ASKED);
    world.file("/etc/os-release", "ID=plan9\n");
    for (const name of ["apt-get", "dnf", "dnf5", "pacman", "zypper"]) world.hide(name);
    world.forgetNo();
    const none = await world.atTerminal(PROGRAM, "y\n");
    shown(none.stdout, "and no supported package manager was found\n  Ask your dealer");
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
    shown(stdout, `and apt has no packages for that\n${hint}`);
  },
});

test({
  name: "if it is still missing afterwards, a message says so, without a second question",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    world.script("apt-get", "exit 0");
    const { stdout } = await world.atTerminal(`${PROGRAM}; echo status $?`, "y\n");
    shown(stdout, `Emu is installed, but ${EMULATOR} is still missing\nstatus 127`);
    assertEquals(world.take(), [...ASKED, INSTALLED]);
  },
});

test({
  name: "Ctrl-C at the question is a no, and leaves nothing behind",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const words = `trap : INT; ${PROGRAM}; echo status $?; ls -A /run/binfmt-dispatcher`;
    const { stdout } = await world.atTerminal(words, [["Install? [y/N]", "\x03"]]);
    shown(stdout, "status 126");
    assertEquals(world.take(), ASKED);
  },
});

test({
  name: "a person can start it, too: by an interpreter's ID, a machine, or a program",
  needs: NEEDS,
  fn: async () => {
    for (const wish of ["emu", `--machine ${MACHINE}`, PROGRAM, `--machine=${MACHINE} emu`]) {
      using world = new InstallWorld();
      const words = `${RESOLVER} install ${wish}; echo status $?`;
      const { stdout } = await world.atTerminal(words, "y\n");
      shown(stdout, "Emu is needed", "Emu is installed.\nstatus 0");
      assertEquals(world.take(), [...ASKED, INSTALLED]);
      shown((await world.atTerminal(words, "")).stdout, "Nothing is missing: Emu", "status 0");
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
      const { status, stdout, stderr } = await world.alone([RESOLVER, "install", program]);
      assertEquals([status, stderr], [0, ""]);
      assertEquals(stdout, `Nothing is missing: the kernel runs “${program}” natively.\n`);
    }
    assertEquals(world.take(), []);
  },
});

test({
  name: "install --yes does not ask, --dry-run only prints, and otherwise a person is needed",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    const told = await world.alone([RESOLVER, "install", "--dry-run", PROGRAM]);
    assertEquals(told.stdout.replaceAll("'", ""), `/usr/bin/${INSTALLED}\n`);
    assertEquals(world.take(), ASKED);
    const nobody = await world.alone([RESOLVER, "install", PROGRAM]);
    assertEquals(nobody.status, 1);
    const hint = ["--machine", MACHINE, "--", "emu"];
    shown(nobody.stderr, "there is nobody to ask", `install --yes ${hint.join(" ")}\n`);
    assertEquals(world.take(), ASKED);
    const yes = await world.alone([RESOLVER, "install", "-y", ...hint]);
    assertEquals(yes.status, 0, yes.stderr);
    assertEquals(world.take(), [...ASKED, INSTALLED]);
  },
});

test({
  name: "a dynamic program without its loader is offered the C library, if there is one",
  needs: NEEDS,
  fn: async () => {
    const loader = "/lib/ld-linux-riscv64-lp64d.so.1";
    const layer = LAYER.replaceAll(MACHINE, "riscv64")
      .replace('"emu-extras?"', '"libc6-{debian}-cross?"')
      .replace("hint =", 'sysroot = "/run/brought/{gnu}"\nhint =');
    using world = new InstallWorld(layer);
    register(world, "riscv64");
    world.file(PROGRAM, headersOf("riscv64", { interp: loader }), 0o755);
    world.file("/run/brought/emulator-riscv64", "#!/bin/sh\necho emulator has $1\n", 0o755);
    const none = await world.atTerminal(PROGRAM, "y\n");
    shown(none.stdout, `it needs the riscv64 C library (${loader}), and apt has no packages`);
    world.take();
    world.forgetNo();
    world.aptHas("emu", "libc6-riscv64-cross");
    const below = "/run/brought/riscv64-linux-gnu/lib";
    world.script("apt-get", `mkdir -p ${below} && : > ${below}/ld-linux-riscv64-lp64d.so.1`);
    const { stdout } = await world.atTerminal(PROGRAM, "y\n");
    shown(stdout, `“game” needs the riscv64 C library (${loader}): emu, libc6-riscv64-cross (`);
    shown(stdout, `emulator has ${PROGRAM}`);
    assertEquals(world.take().at(-1), aptInstalled("emu", "libc6-riscv64-cross"));
  },
});

test({
  name: "a program's name cannot drive a terminal or a shell",
  needs: NEEDS,
  fn: async () => {
    using world = new InstallWorld();
    world.script("apt-cache", "exit 100");
    const words = `cp ${PROGRAM} "/run/brought/$(printf 'a\\033]0;x\\007 b;c')"; /run/brought/a*`;
    const { stdout } = await world.atTerminal(words, "y\n");
    shown(stdout, "Cannot run “/run/brought/a\\u001b]0;x\\u0007 b;c”", "has no packages");
    world.forgetNo();
    const { stderr } = await world.alone(["sh", "-c", "/run/brought/a*"]);
    assert(!stdout.includes("\x1b") && !stderr.includes("\x1b"), stderr);
    assert(!stderr.includes("install /run"), stderr);
  },
});

/** A world of another distribution, with only its package manager. */
function elsewhere(id: string, layer = LAYER): InstallWorld {
  const world = new InstallWorld(layer);
  world.file("/etc/os-release", `ID=${id}\n`);
  for (const name of ["apt-get", "dnf", "dnf5", "pacman", "zypper", "rpm-ostree"]) world.hide(name);
  return world;
}

test({
  name: "rpm-ostree: it works after a restart, as messages before and after say",
  needs: NEEDS,
  fn: async () => {
    using world = elsewhere("fedora");
    world.file("/run/ostree-booted", "");
    world.reveal("rpm-ostree");
    world.script("rpm-ostree", "exit 0");
    const { stdout } = await world.atTerminal(`${PROGRAM}; echo status $?`, "y\n");
    shown(stdout, "emu-rpm (with rpm-ostree). It works after a restart of the computer.");
    shown(stdout, "Emu is installed, but works only after a restart", "status 127");
    const { path, args } = RPM_OSTREE.install("/usr/bin/rpm-ostree", ["emu-rpm"]);
    assertEquals(world.take(), [[basename(path), ...args].join(" ")]);
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
    name: `${name} installs it on its own distribution`,
    needs: NEEDS,
    fn: async () => {
      using world = elsewhere(id);
      world.reveal(name);
      world.script(name, `${script} *) ${BRINGS};; esac`);
      const { stdout } = await world.atTerminal(PROGRAM, "y\n");
      shown(stdout, asked, "emulator");
    },
  });
}

test({
  name: "if no package is named, dnf is asked which one has the missing file",
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
    shown(stdout, "Emu is needed: emu-by-file (1 kB, with dnf)");
    assert(world.take().at(-1)!.endsWith("install emu-by-file"));
  },
});

test({
  name: "a program is found where the kernel found it, whatever its argv[0]",
  needs: NEEDS,
  fn: async () => {
    for (const name of ["-y", "--help", "emu", "a b", "ä%41"]) {
      using world = new InstallWorld();
      // bash would look for a name without a slash on PATH; env's execvp does not, with this PATH.
      const words = `cp ${PROGRAM} '/run/brought/${name}'; cd /run/brought; ` +
        `PATH= /usr/bin/env -- '${name}' one`;
      const { stdout } = await world.atTerminal(words, "y\n");
      shown(stdout, `“${name}” is made for`, "emulator", "one");
    }
  },
});
