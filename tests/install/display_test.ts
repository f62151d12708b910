/** Installation on a display without a terminal, with scripts in place of dialogs. */
import { assert, assertEquals } from "@std/assert";
import { RESOLVER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { INSTALL_SCRIPT, INSTALLED, InstallWorld, NEEDS, PROGRAM } from "./install_world.ts";

/** Abilities for InstallWorld.allowPkexec(). */
const NEEDS_PKEXEC = [...NEEDS, "user namespaces"] as const;

/** For a user other than root. */
const ON_DISPLAY = { env: { DISPLAY: ":0", HOME: "/run/home" }, plain: true };

/** A desktop on which a person answers the question; `progress`: the progress window, in sh. */
function desktop(question: "yes" | "no", progress = "exec sleep 60"): InstallWorld {
  const world = new InstallWorld();
  world.hide("kdialog");
  world.hide("xdg-terminal-exec");
  world.allowPkexec();
  world.script(
    "zenity",
    `case $1 in
      --question) exit ${question === "yes" ? 0 : 1};;
      --progress) ${progress};;
      --text-info) cat >> /run/shared/log; echo >> /run/shared/log;;
    esac`,
  );
  return world;
}

/** The recorded windows and commands, each by its first two words. */
function windows(world: InstallWorld): string[] {
  return world.takeLog().filter((line) => /^(?:zenity|xdg|apt-get)/.test(line))
    .map((line) => line.split(" ").slice(0, 2).join(" "));
}

test({
  name: "on a display a yes starts the package manager, and the program runs",
  needs: NEEDS_PKEXEC,
  fn: async () => {
    using world = desktop("yes");
    const { status, stdout, stderr } = await world.withoutTerminal([PROGRAM, "one"], ON_DISPLAY);
    assertEquals([status, stderr], [0, ""], stdout);
    assert(stdout.endsWith(`has ${PROGRAM} one\n`), stdout);
    const shown = windows(world);
    assertEquals(shown.filter((line) => line !== "zenity --info"), [
      "zenity --question",
      ...["apt-get install", "zenity --progress"].sort((a, b) =>
        shown.indexOf(a) - shown.indexOf(b)
      ),
    ]);
  },
});

test({
  name: "on a display a no ends the start with 126 and without another window",
  needs: NEEDS,
  fn: async () => {
    using world = desktop("no");
    const { status, stderr } = await world.withoutTerminal([PROGRAM], ON_DISPLAY);
    assertEquals(status, 126);
    assert(stderr.includes("its installation was declined"), stderr);
    assertEquals(windows(world), ["zenity --question"]);
  },
});

test({
  name: "on a display a window shows the last five lines of a failed package manager",
  needs: NEEDS_PKEXEC,
  fn: async () => {
    using world = desktop("yes");
    world.script("apt-get", "for n in 1 2 3 4 5 6 7; do echo line $n; done; exit 100");
    const { status, stderr } = await world.withoutTerminal([PROGRAM], ON_DISPLAY);
    assertEquals(status, 127);
    assert(stderr.includes("Emu could not be installed"), stderr);
    const log = world.takeLog();
    assertEquals(
      log.filter((line) => line.startsWith("line")),
      [3, 4, 5, 6, 7].map((n) => `line ${n}`),
    );
    assert(log.some((line) => line.startsWith("zenity --text-info")), log.join("\n"));
  },
});

test({
  name: "on a display a window says that there is nothing to offer",
  needs: NEEDS,
  fn: async () => {
    using world = desktop("yes");
    world.aptHas();
    const { status } = await world.withoutTerminal([PROGRAM], ON_DISPLAY);
    assertEquals(status, 127);
    const log = world.takeLog().join("\n");
    assert(log.includes("zenity --error") && log.includes("Ask your dealer"), log);
    assert(!log.includes("--question"), log);
  },
});

test({
  name: "on a display --dry-run opens no window",
  needs: NEEDS,
  fn: async () => {
    using world = desktop("yes");
    for (const packages of [["emu"], []]) {
      world.aptHas(...packages);
      const dry = [RESOLVER, "install", "--dry-run", PROGRAM];
      const { status } = await world.withoutTerminal(dry, ON_DISPLAY);
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
    name: `on a display the package manager runs in a terminal that ${kind}`,
    needs: NEEDS_PKEXEC,
    fn: async () => {
      using world = desktop("yes");
      world.reveal("xdg-terminal-exec");
      world.script("xdg-terminal-exec", open);
      world.script("apt-get", `sleep 1; ${INSTALL_SCRIPT}`);
      const { status, stdout, stderr } = await world.withoutTerminal([PROGRAM], ON_DISPLAY);
      assertEquals([status, stderr], [0, ""], stdout);
      const log = world.takeLog();
      const opened = log.filter((line) => line.startsWith("xdg-terminal-exec"));
      assertEquals(opened, [
        `xdg-terminal-exec ${RESOLVER} install --yes --hold --machine hexagon -- emu`,
      ]);
      assert(log.includes(INSTALLED), log.join("\n"));
      assertEquals(log.filter((line) => line.startsWith("apt-get")).length, 1);
    },
  });
}

test({
  name: "on a display the terminal stays open after a failure",
  needs: NEEDS,
  fn: async () => {
    using world = desktop("yes");
    world.reveal("xdg-terminal-exec");
    world.script("apt-get", "exit 100");
    // A person reads it and presses Enter.
    const shows = 'grep -aq "Press Enter" /run/shared/terminal';
    const reader = `until ${shows}; do sleep 0.1; done 2>/dev/null; echo; sleep 1`;
    const terminal = 'script -qfec "$*" /run/shared/terminal >/dev/null';
    world.script("xdg-terminal-exec", `(${reader}) | ${terminal} &`);
    const { status, stderr } = await world.withoutTerminal([PROGRAM], ON_DISPLAY);
    assertEquals(status, 127, stderr);
    const shown = Deno.readTextFileSync(world.outside("/run/shared/terminal"));
    assert(shown.includes("Press Enter to close this window"), shown);
    assert(world.takeLog().some((line) => line.startsWith("zenity --error")), stderr);
  },
});

test({
  name: "on a display Cancel ends the wait for the package manager",
  needs: [...NEEDS, "user namespaces"],
  fn: async () => {
    using world = desktop("yes", "sleep 0.5; exit 1");
    world.reveal("xdg-terminal-exec");
    world.script("xdg-terminal-exec", 'script -qec "$*" /dev/null </dev/null >/dev/null');
    world.script("apt-get", "sleep 3");
    const { status, stderr } = await world.withoutTerminal([PROGRAM], ON_DISPLAY);
    assertEquals(status, 126, stderr);
    assertEquals(windows(world).filter((line) => /--(?:error|text)/.test(line)), []);
  },
});

test({
  name: "on a display the window closes when the start is killed",
  needs: NEEDS,
  fn: async () => {
    using world = desktop("yes");
    world.script("zenity", "echo $$ > /run/shared/window; exec sleep 60");
    const words = `${PROGRAM} & pid=$!
      until [ -s /run/shared/window ]; do sleep 0.05; done
      kill -KILL $pid
      for i in $(seq 100); do kill -0 $(cat /run/shared/window) || exit 7; sleep 0.05; done`;
    const { status } = await world.withoutTerminal(["sh", "-c", words], ON_DISPLAY);
    assertEquals(status, 7);
  },
});
