import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SHOW_VERSION, showJson, showToml } from "../../lib/config/show.ts";
import { HOSTS, shippedConfig } from "../../tasks/shipped_config.ts";
import { diagnosticLines, load } from "./load_config.ts";

const MORE = `
[interpreters.wine]
path = "/usr/bin/wine"
hint = "say \\"please\\" \\\\ é"
[formats.windows]
interpreter = "wine"
[formats.raw]
magic = '\\x7f\\\\\\x00A'
mask = '\\xff\\xff\\xff\\xdf'
[machines.riscv64]
interpreter = "qemu"
[binaries."a game.x"]
path = ["/opt/[x] {y}*", "/b"]
interpreter = "qemu"
[binaries.off]
path = []
interpreter = []
`;

for (const host of HOSTS) {
  Deno.test(`showToml() of ${host}'s layer can be loaded again and means the same`, async () => {
    const shipped = load(await shippedConfig(host), MORE);
    assertEquals(diagnosticLines(shipped), []);
    const again = load(showToml(shipped));
    assertEquals(diagnosticLines(again), []);
    const { rules, ...rest } = shipped.config;
    const { rules: rulesAgain, ...restAgain } = again.config;
    assertEquals(restAgain, rest);
    const plain = (all: typeof rules) =>
      all.map(({ id, path, interpreter }) => ({ id, path, interpreter }));
    assertEquals(plain(rulesAgain), plain(rules));
  });
}

Deno.test("showToml() says where each value is set, and which are built in", () => {
  const text = showToml(load('[interpreters.x]\npath = "/x"'));
  assertStringIncludes(text, "#   /usr/lib/binfmt-dispatcher.d/a.toml: read\n");
  assertStringIncludes(text, 'path = ["/x"]  # /usr/lib/binfmt-dispatcher.d/a.toml:2\n');
  assertStringIncludes(text, 'name = "x"  # built in\n');
});

Deno.test("showJson() has a version, layers, values, rules and diagnostics", () => {
  const text =
    '[interpreters.x]\npath = "/x"\nfoo = 1\n[binaries.r]\npath = "/r"\ninterpreter = "x"';
  const shown = JSON.parse(showJson(load(text)));
  const file = "/usr/lib/binfmt-dispatcher.d/a.toml";
  assertEquals(shown.version, SHOW_VERSION);
  assertEquals(shown.layers[0], { path: file, kind: "vendor", state: "read", why: null });
  assert(shown.sources.includes("/etc/binfmt-dispatcher.d") && shown.whole);
  const value = (key: string) => shown.values.find((each: { key: string }) => each.key === key);
  assertEquals(value("interpreters.x.path"), {
    key: "interpreters.x.path",
    value: ["/x"],
    file,
    line: 2,
  });
  assertEquals(value("muvm.linger"), { key: "muvm.linger", value: 300, file: null, line: null });
  assertEquals(shown.rules, [{ id: "r", path: "/r", interpreter: ["x"], layer: file }]);
  assertEquals(shown.diagnostics.length, 1);
  assertEquals([shown.diagnostics[0].line, shown.diagnostics[0].did_you_mean], [3, null]);
});
