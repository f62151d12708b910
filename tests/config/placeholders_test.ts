import { assertEquals } from "@std/assert";
import { filledIn, unknownPlaceholders } from "../../lib/config/placeholders.ts";

Deno.test("unknownPlaceholders() finds each word in braces that is not filled in, once", () => {
  const args = ["-0", "{argv0}", "{progam}", "x{progam}{machine}"];
  assertEquals(unknownPlaceholders("interpreters", "args", args), ["progam"]);
  assertEquals(unknownPlaceholders("interpreters", "env", { A: "{HOME}" }), ["HOME"]);
  for (const section of ["interpreters", "muvm"]) {
    assertEquals(unknownPlaceholders(section, "required_paths", [["{XDG_DATA_HOME}/{gnu}"]]), []);
    assertEquals(unknownPlaceholders(section, "packages", { apt: "a-{debian}{x}" }), ["x"]);
  }
});

Deno.test("unknownPlaceholders() leaves alone what is no word, and other keys", () => {
  assertEquals(unknownPlaceholders("interpreters", "args", ["{}", "{a b}", "{1}", "{"]), []);
  assertEquals(unknownPlaceholders("binaries", "path", "/x/{a,b}/{c}"), []);
  assertEquals(filledIn("binaries", "path"), []);
});
