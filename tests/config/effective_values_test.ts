import { assertEquals } from "@std/assert";
import { effectiveValues } from "../../lib/config/effective_values.ts";
import { load } from "./load_config.ts";

Deno.test("effectiveValues() returns each value with its place, and defaults without", () => {
  const values = effectiveValues(load("[interpreters.x]\npath = '/x'\n[muvm]\nlinger = 5"));
  const found = (section: string, key: string) =>
    values.filter((value) => value.section === section && value.key === key)
      .map(({ id, value, origin }) => [id, value, origin?.line]);
  assertEquals(found("interpreters", "path"), [["x", ["/x"], 2]]);
  assertEquals(found("interpreters", "name"), [["x", "x", undefined]]);
  assertEquals(found("interpreters", "hint"), []);
  assertEquals(found("muvm", "linger"), [["", 5, 4]]);
  assertEquals(found("defaults", "log_level"), [["", "warn", undefined]]);
});

Deno.test("effectiveValues() returns rules by precedence, and disabled ones last", () => {
  const values = effectiveValues(load(`
[interpreters.x]
path = "/x"
[binaries.off]
path = []
interpreter = "x"
[binaries.pattern]
path = "/a/**"
interpreter = "x"
[binaries.exact]
path = "/a"
interpreter = "x"
`));
  const rules = values.filter(({ section, key }) => section === "binaries" && key === "path");
  assertEquals(rules.map(({ id, value }) => [id, value]), [
    ["exact", ["/a"]],
    ["pattern", ["/a/**"]],
    ["off", []],
  ]);
});

Deno.test("effectiveValues() leaves out what cannot be used", () => {
  const values = effectiveValues(
    load('[interpreters.x]\nname = "X"\n[formats.y]\noffset = 1'),
  );
  assertEquals(values.filter(({ section }) => ["interpreters", "formats"].includes(section)), []);
});
