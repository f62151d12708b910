import { assert, assertEquals } from "@std/assert";
import { displayName, displayText } from "../../../lib/install/dialogs/display_name.ts";

Deno.test("a program's name is the last part of its path", () => {
  assertEquals(displayName("/home/a/My Games/game"), "game");
  assertEquals(displayName("game"), "game");
  assertEquals(displayName("/opt/game/"), "game");
  assertEquals(displayName("/"), "/");
});

Deno.test("markup, backslashes, quotes, dashes and emoji in a name are shown", () => {
  for (const name of ["<b>a<b>", "a\\nb\\", "-a", "--a", "&lt;", "“a”", `'"`, "🎮", "👩‍🚀", "é"]) {
    assertEquals(displayName(`/a/${name}`), name);
  }
});

Deno.test("a name cannot move the text around it or look like another name", () => {
  assertEquals(displayName("/a/evil\u202egnp.exe"), "evil\\u202egnp.exe");
  assertEquals(displayName("/a/b\u2066c\u2069"), "b\\u2066c\\u2069");
  assertEquals(displayName("/a/b\nc\td\u001b[1m"), "b\\u000ac\\u0009d\\u001b[1m");
  assertEquals(displayName("/a/b\u200bc\u200ed\u{e0041}"), "b\\u{200b}c\\u{200e}d\\u{e0041}");
  assertEquals(displayName("/a/b\ud83d"), "b\ufffd");
});

Deno.test("a long name loses its middle, in whole letters", () => {
  assertEquals(displayName("a".repeat(48)), "a".repeat(48));
  assertEquals(displayName("a".repeat(49)), `${"a".repeat(24)}…${"a".repeat(23)}`);
  const game = displayName(`start-${"x".repeat(200)}-end.x86_64`);
  assert(game.startsWith("start-xxx") && game.endsWith("xxx-end.x86_64"), game);
  assertEquals(displayName("🎮".repeat(300)), `${"🎮".repeat(24)}…${"🎮".repeat(23)}`);
  assertEquals(displayName("\u202e".repeat(9)), "\\u202e".repeat(4) + "…" + "\\u202e".repeat(3));
});

Deno.test("a program's other strings, such as its loader, are shown like its name", () => {
  assertEquals(displayText("/lib64/ld-linux-x86-64.so.2"), "/lib64/ld-linux-x86-64.so.2");
  const words = displayText(`/lib/x) is there already.\u200b ${" ".repeat(4000)}`);
  assert(words.startsWith("/lib/x) is there ") && Array.from(words).length <= 48, words);
});
