/** What a desktop knows of the program: its entry and its icon. */
import { assert, assertEquals } from "@std/assert";
import { RESOLVER } from "../../lib/paths.ts";
import { ROOT } from "../../tasks/start.ts";
import { test } from "../abilities.ts";

const ENTRY = `${ROOT}/config/binfmt-dispatcher.desktop`;
const ICON = `${ROOT}/config/binfmt-dispatcher.svg`;

/** In directories as on a desktop; the icon of the entry, and polkit's, is found by name. */
function place(directory: string): string {
  const applications = `${directory}/applications`;
  const icons = `${directory}/icons/hicolor/scalable/apps`;
  for (const path of [applications, icons]) Deno.mkdirSync(path, { recursive: true });
  Deno.copyFileSync(ICON, `${icons}/binfmt-dispatcher.svg`);
  Deno.copyFileSync(ENTRY, `${applications}/binfmt-dispatcher.desktop`);
  return `${applications}/binfmt-dispatcher.desktop`;
}

test({
  name: "the desktop entry is valid, and names the installed program and icon",
  needs: ["desktop-file-validate"],
  fn: () => {
    const directory = Deno.makeTempDirSync();
    try {
      const entry = place(directory);
      const said = new Deno.Command("desktop-file-validate", { args: [entry] }).outputSync();
      assertEquals(new TextDecoder().decode(said.stdout) + said.code, "0");
      const text = Deno.readTextFileSync(entry);
      assert(text.includes(`\nExec=${RESOLVER} open %f\n`), text);
      const policy = Deno.readTextFileSync(`${ROOT}/config/org.binfmt-dispatcher.policy`);
      const name = /\nIcon=(.*)\n/.exec(text)![1]!;
      assert(policy.includes(`<icon_name>${name}</icon_name>`), policy);
      Deno.statSync(`${directory}/icons/hicolor/scalable/apps/${name}.svg`);
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  },
});

test({
  name: "the icon is drawn as desktops draw it",
  needs: ["rsvg-convert"],
  fn: () => {
    const { code, stdout } = new Deno.Command("rsvg-convert", { args: ["-w", "64", ICON] })
      .outputSync();
    assertEquals(code, 0);
    const size = new DataView(stdout.buffer, stdout.byteOffset);
    // IHDR of a PNG: https://www.w3.org/TR/png-3/#11IHDR
    assertEquals([size.getUint32(16), size.getUint32(20)], [64, 64]);
    assert(stdout.length > 500, "something is drawn");
  },
});
