import { assert, assertEquals } from "@std/assert";
import { dialogLine, dialogText } from "../../../lib/install/dialogs/dialog_text.ts";

Deno.test("a dialog's text keeps its letters and lines", () => {
  const text = "-a “b” 'c' \"d\" <b>e</b> &amp; \\n \\\\ _f 🎮 é\n\n  g";
  assertEquals(dialogText(text), text);
});

Deno.test("control characters in a dialog are made visible", () => {
  assertEquals(dialogText("a\u001b[1m\0b\u202ec"), "a\\u001b[1m\\u0000b\\u202ec");
  assertEquals(dialogText("a\tb\r\nc\rd"), "a    b\nc\nd");
  assertEquals(dialogText("a\ud83d"), "a\ufffd");
});

Deno.test("a long text is cut at its beginning", () => {
  const shown = dialogText(`${"a".repeat(100_000)} and why`);
  assert(shown.startsWith("…aaa") && shown.endsWith(" and why"));
  assertEquals(shown.length, 2001);
  assertEquals(dialogText("a".repeat(2000)), "a".repeat(2000));
});

Deno.test("a title is one line", () => {
  assertEquals(dialogLine("a\nb\tc"), "a b    c");
});
