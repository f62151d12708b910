import { assertEquals } from "@std/assert";
import { escapeMarkup } from "../../../lib/install/dialogs/escape_markup.ts";

Deno.test("a text between tags has no tags or entities of its own", () => {
  assertEquals(escapeMarkup("<b>a</b> & &lt; \"'"), "&lt;b&gt;a&lt;/b&gt; &amp; &amp;lt; \"'");
});
