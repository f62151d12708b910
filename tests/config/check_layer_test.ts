import { assertEquals } from "@std/assert";
import { parse } from "@std/toml";
import { checkLayer } from "../../lib/config/check_layer.ts";
import { MAX_DIAGNOSTICS } from "../../lib/config/limits.ts";

function check(toml: string) {
  const { values, diagnostics } = checkLayer(parse(toml), 3);
  return {
    values: values.map(({ section, id, key, value }) => [section, id, key, value]),
    diagnostics: diagnostics.map(({ severity, layer, path, message, did_you_mean }) => {
      assertEquals(layer, 3);
      return [severity, path, message, did_you_mean];
    }),
  };
}

Deno.test("checkLayer() returns each valid value", () => {
  const found = check(
    '[defaults]\ninterpreter = ["a"]\n[interpreters.a]\npath = "/a"\nuse_muvm = true',
  );
  assertEquals(found, {
    values: [
      ["defaults", "", "interpreter", ["a"]],
      ["interpreters", "a", "path", "/a"],
      ["interpreters", "a", "use_muvm", true],
    ],
    diagnostics: [],
  });
});

Deno.test("checkLayer() drops faulty values and keeps those beside them", () => {
  const found = check('[interpreters.a]\npath = ["/a", "b"]\nname = "A"\nlinkage = "sttaic"');
  assertEquals(found.values, [["interpreters", "a", "name", "A"]]);
  assertEquals(found.diagnostics, [
    [
      "error",
      ["interpreters", "a", "path", 1],
      "found “b”, expected a path that begins with / or ~/",
      undefined,
    ],
    [
      "error",
      ["interpreters", "a", "linkage"],
      "found “sttaic”, expected one of static, dynamic, both",
      "static",
    ],
  ]);
});

Deno.test("checkLayer() warns about unknown keys and tables, and ignores them", () => {
  const found = check('[defualts]\nx = 1\n[muvm]\npaht = "/m"\n[binaries.x]\n"" = 1');
  assertEquals(found.values, []);
  assertEquals(found.diagnostics.map(([severity, path, , meant]) => [severity, path, meant]), [
    ["warning", ["defualts"], "defaults"],
    ["warning", ["muvm", "paht"], "path"],
    ["warning", ["binaries", "x", ""], undefined],
  ]);
});

Deno.test("checkLayer() says what was found where a table was expected, or the reverse", () => {
  const found = check(
    "defaults = 1\nmuvm = [1]\nformats = 2000-01-01\n" +
      "[interpreters]\na = 1\n[machines.arm.interpreter]\nx = 1",
  );
  assertEquals(found.diagnostics.map(([, path, message]) => [path, message]), [
    [["defaults"], "found 1, expected a table"],
    [["muvm"], "found a list, expected a table"],
    [["formats"], "found a date, expected a table"],
    [["interpreters", "a"], "found 1, expected a table"],
    [
      ["machines", "arm", "interpreter"],
      "found a table, expected an interpreter's ID, or a list of them",
    ],
  ]);
});

Deno.test("checkLayer() refuses unprintable IDs, and takes no object's property for a key", () => {
  const found = check(
    '[interpreters."a\\nb"]\npath = "/x"\n[interpreters.__proto__]\ntoString = 1',
  );
  assertEquals(found.values, []);
  assertEquals(found.diagnostics.map(([severity, path]) => [severity, path]), [
    ["error", ["interpreters", "a\nb"]],
    ["warning", ["interpreters", "__proto__", "toString"]],
  ]);
});

Deno.test("checkLayer() refuses variables with the names of every object's properties", () => {
  for (const name of ["constructor", "prototype", "__proto__"]) {
    const found = check(`[interpreters.a]\nenv = { A = "x", ${name} = 5 }`);
    assertEquals(found.values, []);
    assertEquals(found.diagnostics.map(([severity, path, message]) => [severity, path, message]), [
      ["error", ["interpreters", "a", "env", name], `“${name}” is not allowed as a name`],
    ]);
  }
});

Deno.test("checkLayer() warns about unknown placeholders", () => {
  const found = check('[interpreters.a]\nargs = ["{progam}"]');
  assertEquals(found.values.length, 1);
  assertEquals(found.diagnostics.map(([severity, , , meant]) => [severity, meant]), [[
    "warning",
    "{program}",
  ]]);
});

Deno.test("checkLayer() limits the number and the length of its messages", () => {
  const long = check(`[defaults]\ninterpreter = "${"x".repeat(5000)}"`);
  assertEquals(String(long.diagnostics[0]![2]).length < 200, true);
  const keys = Array.from({ length: MAX_DIAGNOSTICS + 50 }, (_, i) => `k${i} = 1`).join("\n");
  const many = check(`[defaults]\n${keys}`).diagnostics;
  assertEquals(many.length, MAX_DIAGNOSTICS + 1);
  assertEquals(many.at(-1)?.[2], "more than 1000 errors and warnings; the others are not listed");
});
