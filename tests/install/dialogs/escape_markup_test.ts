import { assertEquals } from "@std/assert";
import { escapeMarkup } from "../../../lib/install/dialogs/escape_markup.ts";

Deno.test("escapeMarkup() replaces tags and entities", () => {
  assertEquals(escapeMarkup("<b>a</b> & &lt; \"'"), "&lt;b&gt;a&lt;/b&gt; &amp; &amp;lt; \"'");
});
