/** The desktop entry and the icon. */
import { assert, assertEquals } from "@std/assert";
import { RESOLVER } from "../../lib/paths.ts";
import { ROOT } from "../../tasks/start.ts";
import { test } from "../abilities.ts";

const ENTRY = `${ROOT}/config/binfmt-dispatcher.desktop`;
const ICON = `${ROOT}/config/binfmt-dispatcher.svg`;

test({
  name: "the desktop entry is valid, and names the installed program and icon",
  needs: ["desktop-file-validate"],
  fn: async () => {
    const said = await new Deno.Command("desktop-file-validate", { args: [ENTRY] }).output();
    assertEquals(new TextDecoder().decode(said.stdout) + said.code, "0");
    const text = await Deno.readTextFile(ENTRY);
    assert(text.includes(`\nExec=${RESOLVER} open %f\n`), text);
    // Icons are found by name.
    assert(text.includes("\nIcon=binfmt-dispatcher\n"), text);
    const policy = await Deno.readTextFile(`${ROOT}/config/org.binfmt-dispatcher.policy`);
    assert(policy.includes("<icon_name>binfmt-dispatcher</icon_name>"), policy);
  },
});

test({
  name: "rsvg-convert draws the icon",
  needs: ["rsvg-convert"],
  fn: async () => {
    const draw = new Deno.Command("rsvg-convert", { args: ["-w", "64", ICON] });
    const { code, stdout } = await draw.output();
    assertEquals(code, 0);
    const size = new DataView(stdout.buffer, stdout.byteOffset);
    // IHDR of a PNG: https://www.w3.org/TR/png-3/#11IHDR
    assertEquals([size.getUint32(16), size.getUint32(20)], [64, 64]);
    assert(stdout.length > 500, "the picture is empty");
  },
});
