// Shows docs/security.md#a-file-against-the-person-who-opens-it
/** `open` as a file manager starts it: on a display, without a terminal. */
import { assert, assertEquals } from "@std/assert";
import { headersOf } from "../programs.ts";
import { test } from "../abilities.ts";
import { InstallWorld, MACHINE, NEEDS } from "../install/install_world.ts";

const FILE = "/run/home/game";
const ON_DISPLAY = { env: { DISPLAY: ":0", HOME: "/run/home" }, plain: true };
const OPEN = ["binfmt-dispatcher", "open", FILE];

/** A desktop whose user gives these answers to questions with these texts. */
function desktop(pressed: Readonly<Record<string, "yes" | "no">>): InstallWorld {
  const world = new InstallWorld();
  for (const name of ["kdialog", "xdg-terminal-exec"]) world.hide(name);
  world.allowPkexec();
  const answers = Object.entries(pressed).map(([words, answer]) =>
    `*"${words}"*) exit ${answer === "yes" ? 0 : 1};;`
  );
  const questions = `case $* in ${answers.join(" ")} esac`;
  world.script(
    "zenity",
    `case $1 in --question) ${questions};; --progress) exec sleep 60;; esac`,
  );
  return world;
}

/** The windows that were shown: kind and text. */
function windows(world: InstallWorld): string[] {
  return world.takeLog().flatMap((line) => {
    const [, kind, text] = /^zenity --(\w+) .*--text=(.*?)(?: --|$)/.exec(line) ?? [];
    return kind === undefined || kind === "progress" ? [] : [`${kind}: ${text}`];
  });
}

function isMarked(world: InstallWorld): boolean {
  return (Deno.statSync(world.outside(FILE)).mode! & 0o100) !== 0;
}

test({
  name: "open asks before it makes a file executable, then asks as install does, and runs it",
  needs: [...NEEDS, "user namespaces"],
  async fn() {
    using world = desktop({ "not marked": "yes", "is needed": "yes" });
    world.file(FILE, headersOf(MACHINE));
    const { status, stdout, stderr } = await world.withoutTerminal(OPEN, ON_DISPLAY);
    assertEquals([status, stderr], [0, ""], stdout);
    assert(stdout.endsWith(`has ${FILE}\n`), stdout);
    const [first, second, third] = windows(world);
    assert(first?.startsWith("question: “game” is not marked as executable."), first);
    assert(second?.startsWith("question: “game” is made for hexagon computers."), second);
    assertEquals(third, "info: Emu is installed.");
    assert(isMarked(world));
    // A second start asks nothing.
    assertEquals((await world.withoutTerminal(OPEN, ON_DISPLAY)).status, 0);
    assertEquals(windows(world), []);
  },
});

test({
  name: "open leaves a file unchanged if the answer is no",
  needs: NEEDS,
  async fn() {
    using world = desktop({ "not marked": "no" });
    world.file(FILE, headersOf(MACHINE));
    assertEquals((await world.withoutTerminal(OPEN, ON_DISPLAY)).status, 126);
    assertEquals([isMarked(world), windows(world).length], [false, 1]);
  },
});

test({
  name: "open shows failures in a window and asks nothing about a file that is not a program",
  needs: NEEDS,
  async fn() {
    using world = desktop({});
    world.file(FILE, "words");
    assertEquals((await world.withoutTerminal(OPEN, ON_DISPLAY)).status, 126);
    const absent = await world.withoutTerminal(
      ["binfmt-dispatcher", "open", "/run/none"],
      ON_DISPLAY,
    );
    assertEquals(absent.status, 127);
    const [first, second] = windows(world);
    assert(first?.startsWith("error: "), first);
    assertEquals([isMarked(world), second], [false, "error: No such file."]);
  },
});

test({
  name: "open runs a program of the host, and without a display only says why it cannot",
  needs: NEEDS,
  async fn() {
    using world = desktop({ "not marked": "yes" });
    world.file(FILE, Deno.readFileSync("/bin/true"));
    const nobody = await world.withoutTerminal(OPEN, { ...ON_DISPLAY, env: { HOME: "/run/home" } });
    assertEquals(nobody.status, 126);
    assert(nobody.stderr.includes("it is not marked as executable"), nobody.stderr);
    const { status, stderr } = await world.withoutTerminal(OPEN, ON_DISPLAY);
    assertEquals([status, stderr], [0, ""]);
  },
});
