import { assertEquals } from "@std/assert";
import { escapeMarkup } from "../../../lib/install/dialogs/escape_markup.ts";

Deno.test("a text between tags has no tag and no entity of its own", () => {
  assertEquals(escapeMarkup("<b>a</b> & &lt; \"'"), "&lt;b&gt;a&lt;/b&gt; &amp; &amp;lt; \"'");
});
