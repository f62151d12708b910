/** Without a terminal, on a display: which windows there are, in which order, what ends them. */
import { assert, assertEquals } from "@std/assert";
import { RESOLVER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { aptInstalled, BRINGS, InstallWorld, NEEDS, PROGRAM } from "./install_world.ts";

/** A person other than root, and no terminal. */
/** Where pkexec gives root privileges: InstallWorld.agree(). */
const NEEDS_AGREEMENT = [...NEEDS, "user namespaces"] as const;

const ON_DISPLAY = { env: { DISPLAY: ":0", HOME: "/run/home" }, plain: true };

/** A desktop in sh: the button pressed at a question, at progress, and what opens a terminal. */
function desktop(question: "yes" | "no", progress = "exec sleep 60"): InstallWorld {
  const world = new InstallWorld();
  world.hide("kdialog");
  world.hide("xdg-terminal-exec");
  world.agree();
  world.script(
    "zenity",
    `case $1 in
      --question) exit ${question === "yes" ? 0 : 1};;
      --progress) ${progress};;
      --text-info) cat >> /run/brought/log; echo >> /run/brought/log;;
    esac`,
  );
  return world;
}

/** Windows and commands, each by its first two words; texts by their beginning. */
function windows(world: InstallWorld): string[] {
  return world.take().filter((line) => /^(?:zenity|xdg|apt-get)/.test(line))
    .map((line) => line.split(" ").slice(0, 2).join(" "));
}

test({
  name: "on a display: a question, the package manager, and the program runs",
  needs: NEEDS_AGREEMENT,
  fn: async () => {
    using world = desktop("yes");
    const { status, stdout, stderr } = await world.alone([PROGRAM, "one"], ON_DISPLAY);
    assertEquals([status, stderr], [0, ""], stdout);
    assert(stdout.endsWith(`has ${PROGRAM} one\n`), stdout);
    const took = windows(world);
    assertEquals(took.filter((line) => line !== "zenity --info"), [
      "zenity --question",
      ...["apt-get install", "zenity --progress"].sort((a, b) => took.indexOf(a) - took.indexOf(b)),
    ]);
  },
});

test({
  name: "on a display: a no ends the start with 126 and no other window",
  needs: NEEDS,
  fn: async () => {
    using world = desktop("no");
    const { status, stderr } = await world.alone([PROGRAM], ON_DISPLAY);
    assertEquals(status, 126);
    assert(stderr.includes("its installation was declined"), stderr);
    assertEquals(windows(world), ["zenity --question"]);
  },
});

test({
  name: "on a display: what went wrong, with the package manager's last five lines",
  needs: NEEDS_AGREEMENT,
  fn: async () => {
    using world = desktop("yes");
    world.script("apt-get", "for n in 1 2 3 4 5 6 7; do echo line $n; done; exit 100");
    const { status, stderr } = await world.alone([PROGRAM], ON_DISPLAY);
    assertEquals(status, 127);
    assert(stderr.includes("Emu could not be installed"), stderr);
    const log = world.take();
    assertEquals(
      log.filter((line) => line.startsWith("line")),
      [3, 4, 5, 6, 7].map((n) => `line ${n}`),
    );
    assert(log.some((line) => line.startsWith("zenity --text-info")), log.join("\n"));
  },
});

test({
  name: "on a display: a window says if there is nothing to offer",
  needs: NEEDS,
  fn: async () => {
    using world = desktop("yes");
    world.aptHas();
    const { status } = await world.alone([PROGRAM], ON_DISPLAY);
    assertEquals(status, 127);
    const log = world.take().join("\n");
    assert(log.includes("zenity --error") && log.includes("Ask your dealer"), log);
    assert(!log.includes("--question"), log);
  },
});

test({
  name: "on a display: --dry-run opens no window",
  needs: NEEDS,
  fn: async () => {
    using world = desktop("yes");
    for (const packages of [["emu"], []]) {
      world.aptHas(...packages);
      const dry = [RESOLVER, "install", "--dry-run", PROGRAM];
      const { status } = await world.alone(dry, ON_DISPLAY);
      assertEquals(status, packages.length > 0 ? 0 : 1);
      assertEquals(windows(world), []);
    }
  },
});

for (
  const [kind, open] of [
    ["waits for its command", 'script -qec "$*" /dev/null </dev/null'],
    ["returns at once", 'setsid script -qec "$*" /dev/null </dev/null >/dev/null 2>&1 &'],
  ] as const
) {
  test({
    name: `on a display: the package manager in a terminal that ${kind}`,
    needs: NEEDS_AGREEMENT,
    fn: async () => {
      using world = desktop("yes");
      world.reveal("xdg-terminal-exec");
      world.script("xdg-terminal-exec", open);
      world.script("apt-get", `sleep 1; ${BRINGS}`);
      const { status, stdout, stderr } = await world.alone([PROGRAM], ON_DISPLAY);
      assertEquals([status, stderr], [0, ""], stdout);
      const log = world.take();
      const opened = log.filter((line) => line.startsWith("xdg-terminal-exec"));
      assertEquals(opened, [
        `xdg-terminal-exec ${RESOLVER} install --yes --hold --machine hexagon -- emu`,
      ]);
      assert(log.includes(aptInstalled("emu", "emu-extras")), log.join("\n"));
      assertEquals(log.filter((line) => line.startsWith("apt-get")).length, 1);
    },
  });
}

test({
  name: "on a display: a terminal stays open after a failure, and the outcome is right",
  needs: NEEDS,
  fn: async () => {
    using world = desktop("yes");
    world.reveal("xdg-terminal-exec");
    world.script("apt-get", "exit 100");
    // Somebody reads it, and presses Enter.
    const shows = 'grep -aq "Press Enter" /run/brought/terminal';
    const reader = `until ${shows}; do sleep 0.1; done 2>/dev/null; echo; sleep 1`;
    const terminal = 'script -qfec "$*" /run/brought/terminal >/dev/null';
    world.script("xdg-terminal-exec", `(${reader}) | ${terminal} &`);
    const { status, stderr } = await world.alone([PROGRAM], ON_DISPLAY);
    assertEquals(status, 127, stderr);
    const shown = Deno.readTextFileSync(world.outside("/run/brought/terminal"));
    assert(shown.includes("Press Enter to close this window"), shown);
    assert(world.take().some((line) => line.startsWith("zenity --error")), stderr);
  },
});

test({
  name: "on a display: cancelling the installation ends the wait",
  needs: [...NEEDS, "user namespaces"],
  fn: async () => {
    using world = desktop("yes", "sleep 0.5; exit 1");
    world.reveal("xdg-terminal-exec");
    world.script("xdg-terminal-exec", 'script -qec "$*" /dev/null </dev/null >/dev/null');
    world.script("apt-get", "sleep 3");
    const { status, stderr } = await world.alone([PROGRAM], ON_DISPLAY);
    assertEquals(status, 126, stderr);
    assertEquals(windows(world).filter((line) => /--(?:error|text)/.test(line)), []);
  },
});

test({
  name: "on a display: a start that is killed takes its window with it",
  needs: NEEDS,
  fn: async () => {
    using world = desktop("yes");
    world.script("zenity", "echo $$ > /run/brought/window; exec sleep 60");
    const words = `${PROGRAM} & pid=$!
      until [ -s /run/brought/window ]; do sleep 0.05; done
      kill -KILL $pid
      for i in $(seq 100); do kill -0 $(cat /run/brought/window) || exit 7; sleep 0.05; done`;
    const { status } = await world.alone(["sh", "-c", words], ON_DISPLAY);
    assertEquals(status, 7);
  },
});
