/** Installation on a display, with the real dialogs. */
import { assert, assertEquals } from "@std/assert";
import { Screen, until, type Window } from "../../tasks/screen.ts";
import { test } from "../abilities.ts";
import { fetchPackage } from "../debian_packages.ts";
import { INSTALLED, InstallWorld, NEEDS, PROGRAM } from "./install_world.ts";

type Dialogs = "zenity" | "kdialog";

const DIALOGS = "(zenity|kdialog)";

const TERMINAL = "/usr/bin/xdg-terminal-exec";

/** A world in which only this program shows dialogs. */
function worldWith(dialogs: Dialogs): InstallWorld {
  const world = new InstallWorld();
  world.hide(dialogs === "zenity" ? "kdialog" : "zenity");
  world.hide("xdg-terminal-exec");
  world.allowPkexec();
  return world;
}

/** Waits for a dialog. */
function dialog(screen: Screen): Promise<Window> {
  return until("a window", async () => (await screen.windowsOf(DIALOGS))[0]);
}

/**
 * Waits until this window is closed, and presses a key, if one is given, when it has the keyboard;
 * again only long after, lest the next window get the key.
 */
async function closed(screen: Screen, window: Window, key?: string): Promise<void> {
  let again = 0;
  await until("the end of a window", async () => {
    // A closed window has no name.
    if (await screen.xdotool("getwindowname", window.id) === "") return true;
    if (key === undefined || Date.now() < again) return;
    if ((await screen.xdotool("getactivewindow")).trim() !== window.id) return;
    await screen.press(key);
    again = Date.now() + 15_000;
  });
}

/** Starts the program on this desktop, and presses a key until it ends. */
async function startAndPress(world: InstallWorld, screen: Screen, dialogs: Dialogs, key: string) {
  const desktop = dialogs === "kdialog" ? "KDE" : "GNOME";
  const env = { ...screen.environment, XDG_CURRENT_DESKTOP: desktop };
  let ended = false;
  const running = world.withoutTerminal([PROGRAM, "one"], { env, plain: true })
    .finally(() => ended = true);
  await until(`what ${key} does`, async () => {
    if (ended) return true;
    if ((await screen.windowsOf(DIALOGS)).length > 0) await screen.press(key);
  });
  assertEquals((await screen.windowsOf(DIALOGS)).length, 0);
  return await running;
}

for (const dialogs of ["zenity", "kdialog"] as const) {
  const needs = [...NEEDS, "user namespaces", "screen", dialogs] as const;

  test({
    name: `${dialogs}: Install installs, and the program runs`,
    needs,
    fn: async () => {
      using world = worldWith(dialogs);
      await using screen = await Screen.open();
      const { status, stdout, stderr } = await startAndPress(world, screen, dialogs, "Return");
      assertEquals(status, 0, stderr);
      assert(stdout.endsWith(`has ${PROGRAM} one\n`), stdout);
      assertEquals(world.takeLog().at(-1), INSTALLED);
    },
  });

  test({
    name: `${dialogs}: Escape means no`,
    needs,
    fn: async () => {
      using world = worldWith(dialogs);
      await using screen = await Screen.open();
      const { status, stderr } = await startAndPress(world, screen, dialogs, "Escape");
      assertEquals(status, 126, stderr);
      assert(!world.takeLog().some((line) => line.startsWith("apt-get")));
    },
  });
}

test({
  name: "the package manager runs in a real terminal that xdg-terminal-exec opens",
  needs: [...NEEDS, "user namespaces", "apt", "screen", "zenity", "xterm"],
  fn: async () => {
    using world = worldWith("zenity");
    world.reveal("xdg-terminal-exec");
    const found = await fetchPackage("xdg-terminal-exec", "all", { suite: "trixie" });
    world.bind(`${found}${TERMINAL}`, TERMINAL);
    world.script("apt-get", "tty; exit 100");
    await using screen = await Screen.open({
      ".config/xdg-terminals.list": "debian-xterm.desktop\n",
      // xterm then takes keys that are sent to its window.
      ".Xdefaults": "XTerm*allowSendEvents: true\n",
    });
    const running = world.withoutTerminal([PROGRAM], { env: screen.environment, plain: true });
    await closed(screen, await dialog(screen), "Return");
    const progress = await dialog(screen);
    // The terminal stays open until a person presses Return.
    const recorded: string[] = [];
    await until("the terminal's end", async () => {
      recorded.push(...world.takeLog());
      const [xterm] = await screen.windowsOf("xterm");
      if (xterm === undefined) return recorded.at(-1)?.startsWith("apt-get") || undefined;
      await screen.xdotool("key", "--window", xterm.id, "Return");
    });
    assertEquals(recorded.at(-1), INSTALLED);
    await closed(screen, progress);
    await closed(screen, await dialog(screen), "Return");
    const { status, stderr } = await running;
    assertEquals(status, 127, stderr);
    assert(stderr.includes("could not be installed: the reason was shown in the terminal"), stderr);
  },
});
