/** From a start without a terminal to a program that runs, through real windows. */
import { assert, assertEquals } from "@std/assert";
import { Screen, until, type Window } from "../../tasks/screen.ts";
import { test } from "../abilities.ts";
import { fetchPackage } from "../debian_packages.ts";
import { aptInstalled, InstallWorld, NEEDS, PROGRAM } from "./install_world.ts";

const DIALOGS = "(zenity|kdialog)";

const TERMINAL = "/usr/bin/xdg-terminal-exec";

/** One desktop's dialogs, whatever else is installed. */
function worldWith(dialogs: "zenity" | "kdialog"): InstallWorld {
  const world = new InstallWorld();
  world.hide(dialogs === "zenity" ? "kdialog" : "zenity");
  world.hide("xdg-terminal-exec");
  world.agree();
  return world;
}

/** Presses a key repeatedly, while the program has windows and until this has happened. */
async function press(screen: Screen, key: string, happened: () => boolean): Promise<void> {
  await until(`what ${key} does`, async () => {
    if (happened()) return true;
    if ((await screen.windowsOf(DIALOGS)).length > 0) await screen.press(key);
  });
}

/** A window of the program, as soon as there is one. */
function ours(screen: Screen): Promise<Window> {
  return until("a window", async () => (await screen.windowsOf(DIALOGS))[0]);
}

/**
 * Presses a key, if one is named, when this window has the keyboard, and waits until it is gone. A
 * second time only long after: the next window could have got it by then.
 */
async function gone(screen: Screen, window: Window, key?: string): Promise<void> {
  let again = 0;
  await until("the end of a window", async () => {
    // Nothing is told of a window that is not there.
    if (await screen.xdotool("getwindowname", window.id) === "") return true;
    if (key === undefined || Date.now() < again) return;
    if ((await screen.xdotool("getactivewindow")).trim() !== window.id) return;
    await screen.press(key);
    again = Date.now() + 15_000;
  });
}

for (const dialogs of ["zenity", "kdialog"] as const) {
  const needs = [...NEEDS, "user namespaces", "screen", dialogs] as const;
  const desktop = dialogs === "kdialog" ? "KDE" : "GNOME";

  test({
    name: `${dialogs}: Install is pressed, and the program runs`,
    needs,
    fn: async () => {
      using world = worldWith(dialogs);
      await using screen = await Screen.open();
      const env = { ...screen.environment, XDG_CURRENT_DESKTOP: desktop };
      let ended = false;
      const running = world.alone([PROGRAM, "one"], { env, plain: true }).finally(() =>
        ended = true
      );
      await press(screen, "Return", () => ended);
      const { status, stdout, stderr } = await running;
      assertEquals(status, 0, stderr);
      assert(stdout.endsWith(`has ${PROGRAM} one\n`), stdout);
      assertEquals(world.take().at(-1), aptInstalled("emu", "emu-extras"));
      assertEquals((await screen.windowsOf(DIALOGS)).length, 0);
    },
  });

  test({
    name: `${dialogs}: Escape means no, and leaves no window`,
    needs,
    fn: async () => {
      using world = worldWith(dialogs);
      await using screen = await Screen.open();
      const env = { ...screen.environment, XDG_CURRENT_DESKTOP: desktop };
      let ended = false;
      const running = world.alone([PROGRAM], { env, plain: true }).finally(() => ended = true);
      await press(screen, "Escape", () => ended);
      const { status, stderr } = await running;
      assertEquals(status, 126, stderr);
      assert(!world.take().some((line) => line.startsWith("apt-get")));
      assertEquals((await screen.windowsOf(DIALOGS)).length, 0);
    },
  });
}

test({
  name: "a real terminal, opened by xdg-terminal-exec, has the package manager in it",
  needs: [...NEEDS, "user namespaces", "apt", "screen", "zenity", "xterm"],
  fn: async () => {
    using world = worldWith("zenity");
    world.reveal("xdg-terminal-exec");
    const found = await fetchPackage("xdg-terminal-exec", "all", { suite: "trixie" });
    world.bind(`${found}${TERMINAL}`, TERMINAL);
    world.script("apt-get", "tty; exit 100");
    await using screen = await Screen.open({
      ".config/xdg-terminals.list": "debian-xterm.desktop\n",
      // Keys are for it alone, whichever window has the keyboard.
      ".Xdefaults": "XTerm*allowSendEvents: true\n",
    });
    const running = world.alone([PROGRAM], { env: screen.environment, plain: true });
    await gone(screen, await ours(screen), "Return");
    const progress = await ours(screen);
    // It stays until somebody has read why; then the outcome is told.
    const asked: string[] = [];
    await until("the terminal's end", async () => {
      asked.push(...world.take());
      const [xterm] = await screen.windowsOf("xterm");
      if (xterm === undefined) return asked.at(-1)?.startsWith("apt-get") || undefined;
      await screen.xdotool("key", "--window", xterm.id, "Return");
    });
    assertEquals(asked.at(-1), aptInstalled("emu", "emu-extras"));
    await gone(screen, progress);
    await gone(screen, await ours(screen), "Return");
    const { status, stderr } = await running;
    assertEquals(status, 127, stderr);
    assert(stderr.includes("could not be installed: the reason was shown in the terminal"), stderr);
  },
});
