/** The real dialog programs, with a keyboard, a mouse and a clipboard. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { DialogProgram } from "../../../lib/install/dialogs/dialog.ts";
import { displayName } from "../../../lib/install/dialogs/display_name.ts";
import { kdialog } from "../../../lib/install/dialogs/kdialog.ts";
import { zenity } from "../../../lib/install/dialogs/zenity.ts";
import { Screen, type Shown, until, type Window } from "../../../tasks/screen.ts";
import { test } from "../../abilities.ts";

type Place = readonly [number, number];

/** A program, and the positions of its two buttons. */
interface Subject {
  readonly name: "zenity" | "kdialog";
  readonly dialog: DialogProgram;
  readonly first: Place;
  readonly second: Place;
}

const SUBJECTS: readonly Subject[] = [
  { name: "zenity", dialog: zenity, first: [-45, -25], second: [-135, -25] },
  { name: "kdialog", dialog: kdialog, first: [-135, -22], second: [-45, -22] },
];

const QUESTION = { title: "Install FEX?", yes: "Install", no: "Cancel" };

const TEXT = "“game” is made for x86_64 computers. To run it here, FEX is needed: fex-emu, " +
  "fex-emu-rootfs-fedora (120 MB, with dnf). You will be asked for an administrator's password.";

/** Programs' names from people and attackers, in the form that dialogs show. */
const NAMES = [
  ...["<b>bold</b>", "<html>", "<?xml", "<img src='x'>", "a & b", "&lt;", "&#65;", "</span>"],
  ...["back\\slash", "a\\nb", "\\\\", "\\101", "end\\", "-n", "--help", "--", "%s%n", "_a&b"],
  ...[`'single' "double" “curly”`, "two  spaces", "🎮 é 文", "[*]", "$HOME `id`"],
  ...["evil\u202egnp.exe", "a\u2066b\u2069", "line\nfeed", "\u001b[31mred", "x".repeat(250)],
].map((name) => displayName(`/games/${name}`));

/** The text that can be selected in a window. */
function copied(screen: Screen, window: Window): Promise<string> {
  return until("a text that is copied", async () => {
    await window.click(90, 40);
    await screen.press("ctrl+a", "ctrl+c");
    const text = await screen.clipboard();
    return text === "" ? undefined : text.replace(/^\n|\n$/g, "");
  });
}

async function end(shown: Shown): Promise<void> {
  shown.signal("SIGTERM");
  assertEquals((await shown.status()).signal, "SIGTERM");
}

/** Waits until all its windows are closed. */
async function gone(shown: Shown): Promise<void> {
  await until("the window's end", async () => (await shown.windows()).length === 0 || undefined);
}

for (const { name, dialog, first, second } of SUBJECTS) {
  const needs = ["screen", name] as const;

  test({
    name: `${name}: Install means yes; Cancel, Escape and closing the window mean no`,
    needs,
    async fn() {
      await using screen = await Screen.open();
      const answer = async (deed: (window: Window) => Promise<void>) => {
        const shown = await screen.show(dialog.question({ ...QUESTION, text: TEXT }));
        const window = await shown.window();
        return (await shown.status(() => deed(window))).code;
      };
      assertEquals(await answer((window) => window.click(...first)), 0);
      assertEquals(await answer(() => screen.press("Return")), 0);
      assertNotEquals(await answer((window) => window.click(...second)), 0);
      assertNotEquals(await answer(() => screen.press("Escape")), 0);
      assertNotEquals(await answer(() => screen.press("alt+F4")), 0);
    },
  });

  test({
    name: `${name}: texts and titles are shown verbatim`,
    needs,
    async fn() {
      await using screen = await Screen.open();
      const all = NAMES.map((each) => `“${each}”`).join("\n");
      // Some beginnings could turn a text into an option or markup.
      for (const text of [TEXT, all, "<b>a</b>", "-n", "--help", "&lt;b>", "\\", "<?xml ?>"]) {
        const shown = await screen.show(dialog.question({ ...QUESTION, text }));
        assertEquals(await copied(screen, await shown.window()), text);
        await end(shown);
      }
      const title = "-a <b>[*]</b> _&\\n";
      const shown = await screen.show(dialog.message({ title, text: "<i>\\n</i>" }));
      const window = await shown.window();
      assertEquals(await copied(screen, window), "<i>\\n</i>");
      assertEquals((await window.title()).replace(" — KDialog", ""), title);
      await shown.status(() => screen.press("Escape"));
    },
  });

  test({
    name: `${name}: details can be copied`,
    needs,
    async fn() {
      await using screen = await Screen.open();
      const word = "x".repeat(300); // kdialog would lose its middle
      const details = `Error: <repo> \\n “é”\n  mirror&amp;\n${"long ".repeat(60)}\n${word}\n-last`;
      const text = "FEX could not be installed: dnf ended with 1.";
      const shown = await screen.show(
        dialog.message({ title: "No FEX", text, details }),
      );
      const got = await copied(screen, await shown.window());
      assertEquals(got.replaceAll("x\nx", "xx"), `${text}\n\n${details}`);
      await shown.status(() => screen.press("Escape"));
    },
  });

  test({
    name: `${name}: progress stays until it is ended or cancelled`,
    needs,
    async fn() {
      await using screen = await Screen.open();
      const show = (cancel: boolean) =>
        screen.show(dialog.progress({ title: "Installing", text: "Installing FEX…", cancel }));
      for (const cancel of [true, false]) {
        const shown = await show(cancel);
        await shown.window();
        await end(shown);
        await gone(shown);
      }
      for (const key of ["Escape", "alt+F4"]) {
        const shown = await show(true);
        await shown.window();
        assertNotEquals((await shown.status(() => screen.press(key))).code, 0);
      }
      const shown = await show(true);
      const window = await shown.window();
      // zenity's Cancel is the second from the right, too; its OK is disabled.
      assertNotEquals((await shown.status(() => window.click(...second))).code, 0);
      await gone(shown);
    },
  });

  test({
    name: `${name}: success is shown, and disappears by itself`,
    needs,
    async fn() {
      await using screen = await Screen.open();
      const shown = await screen.show(dialog.done({ title: "Done", text: "FEX is installed." }));
      await shown.window();
      assert(!shown.ended);
      await shown.status();
      await gone(shown);
    },
  });
}

test({
  name: "zenity: progress ends when its caller ends",
  needs: ["screen", "zenity"],
  async fn() {
    await using screen = await Screen.open();
    const command = zenity.progress({ title: "a", text: "b", cancel: false });
    const shown = await screen.show(command);
    await shown.window();
    await shown.release();
    await shown.status();
    await gone(shown);
  },
});

/** The picture of a window's first line, once it no longer changes. */
async function firstLine(window: Window, width: number, height: number): Promise<string> {
  let before = "";
  return await until("a picture", async () => {
    const now = (await window.picture({ width, height })).toBase64();
    const same = now === before && now !== "";
    before = now;
    return same ? now : undefined;
  });
}

const HOSTILE = "<b>a</b> &amp; \\n \\\\ \\101 “x”";

test({
  name: "zenity: progress shows its text verbatim",
  needs: ["screen", "zenity"],
  async fn() {
    await using screen = await Screen.open();
    // The text cannot be copied. Compare its picture: text after “#” in the input has no markup.
    const line = async (text: string, stdin?: string) => {
      const command = zenity.progress({ title: "a", text, cancel: true });
      const shown = await screen.show(stdin === undefined ? command : { ...command, stdin });
      const picture = await firstLine(await shown.window(), 440, 32);
      await end(shown);
      return picture;
    };
    const empty = await line("");
    const shown = await line(HOSTILE);
    assertNotEquals(shown, empty);
    assertEquals(shown, await line("", `# ${HOSTILE.replaceAll("\\", "\\\\")}\n`));
    assertNotEquals(shown, await line("a & \n \\ A “x”"));
  },
});

test({
  name: "kdialog: progress and success are shown verbatim; Hide is not Cancel",
  needs: ["screen", "kdialog"],
  async fn() {
    await using screen = await Screen.open();
    for (const cancel of [true, false]) {
      const shown = await screen.show(kdialog.progress({ title: "a", text: HOSTILE, cancel }));
      const window = await shown.window();
      assertEquals(await copied(screen, window), HOSTILE);
      const hide = cancel ? -135 : -45;
      assertEquals((await shown.status(() => window.click(hide, -22))).code, 0);
    }
    // Qt takes a text with a known tag for rich text, and with an unknown one for plain text.
    const done = (text: string) => kdialog.done({ title: "a", text });
    const raw = (text: string) => ({
      ...done(""),
      args: ["--title=a", `--passivepopup=${text}`, "5"],
    });
    const unknown = "<zz> 'b' &amp;";
    const known = "<i>b</i> &amp;";
    const pictures = [];
    for (const each of [done(unknown), raw(unknown), done(known), raw(known)]) {
      const shown = await screen.show(each);
      pictures.push(await firstLine(await shown.window(), 400, 200));
      await end(shown);
    }
    assertEquals(pictures[0], pictures[1]);
    assertNotEquals(pictures[2], pictures[3]);
  },
});
