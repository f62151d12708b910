import { assertEquals } from "@std/assert";
import { filledIn, unknownPlaceholders } from "../../lib/config/placeholders.ts";

Deno.test("unknownPlaceholders() finds each word in braces that is not filled in, once", () => {
  const args = ["-0", "{argv0}", "{progam}", "x{progam}{machine}"];
  assertEquals(unknownPlaceholders("interpreters", "args", args), ["progam"]);
  assertEquals(unknownPlaceholders("interpreters", "env", { A: "{HOME}" }), ["HOME"]);
  assertEquals(unknownPlaceholders("interpreters", "required_paths", [["{XDG_DATA_HOME}/x"]]), []);
});

Deno.test("unknownPlaceholders() leaves alone what is no word, and other keys", () => {
  assertEquals(unknownPlaceholders("interpreters", "args", ["{}", "{a b}", "{1}", "{"]), []);
  assertEquals(unknownPlaceholders("binaries", "path", "/x/{a,b}/{c}"), []);
  assertEquals(filledIn("binaries", "path"), []);
});
