import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { loadConfig } from "../../lib/config/load.ts";
import { MAX_LAYER_SIZE } from "../../lib/config/limits.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { diagnosticLines, load } from "./load_config.ts";

const FEX = '[interpreters.fex]\npath = "/usr/bin/FEX"\n';

Deno.test("loadConfig() uses the other layers if one is not TOML", () => {
  const loaded = load(FEX, "[defaults]\ninterpreter = = 1\n");
  assertEquals([...loaded.config.interpreters.keys()], ["fex"]);
  assertEquals(loaded.layers.map(({ state }) => state), ["read", "faulty"]);
  assert(loaded.whole);
  const [line, ...others] = diagnosticLines(loaded);
  assert(line?.startsWith("binfmt-dispatcher.toml:2: invalid TOML: "), line);
  assertEquals(others, []);
});

Deno.test("loadConfig() keeps the lower layer's value if the higher one is faulty", () => {
  const loaded = load(
    `${FEX}use_muvm = true\nname = "Low"`,
    '[interpreters.fex]\nuse_muvm = "yes"\nname = "High"',
  );
  const fex = loaded.config.interpreters.get("fex");
  assertEquals([fex?.use_muvm, fex?.name], [true, "High"]);
  assertEquals(diagnosticLines(loaded), [
    "binfmt-dispatcher.toml:2: interpreters.fex.use_muvm: found “yes”, expected true or false",
  ]);
});

Deno.test("loadConfig() reports layers that it cannot read or does not trust", () => {
  const user = "/home/u/.config/binfmt-dispatcher/binfmt-dispatcher.toml";
  const environment = new FakeEnvironment({
    uid: 1000,
    variables: { HOME: "/home/u" },
    files: {
      "/usr/lib/binfmt-dispatcher.d/a.toml": { content: "#", unreadable: true },
      "/etc/binfmt-dispatcher.d/b.toml": "#".repeat(MAX_LAYER_SIZE + 1),
      "/etc/binfmt-dispatcher.d/c.toml": { kind: "other" },
      "/home/u": { kind: "directory", uid: 1000 },
      [user]: { content: FEX, uid: 1000, gid: 1000, mode: 0o666 },
    },
  });
  const loaded = loadConfig(environment, { user: true });
  const diagnostics = loaded.diagnostics().map((
    { file, line, key, message },
  ) => [file, line, key, message]);
  assertEquals(diagnostics, [
    ["/usr/lib/binfmt-dispatcher.d/a.toml", 0, "", "it cannot be read"],
    ["/etc/binfmt-dispatcher.d/b.toml", 0, "", "it is larger than 1048576 bytes"],
    ["/etc/binfmt-dispatcher.d/c.toml", 0, "", "it is not a regular file"],
    [user, 0, "", `every user can write “${user}”`],
  ]);
  assertEquals(loaded.config.interpreters.size, 0);
  assertEquals(loaded.whole, false);
});

Deno.test("loadConfig() uses given files as layers above all others, and each file once", () => {
  const files = {
    "/etc/binfmt-dispatcher.toml": `${FEX}name = "Low"`,
    "/tmp/new.toml": '[interpreters.fex]\nname = "New"',
  };
  const environment = new FakeEnvironment({ files });
  const loaded = loadConfig(environment, { user: false, files: ["/tmp/new.toml"] });
  assertEquals(loaded.config.interpreters.get("fex")?.name, "New");
  const same = loadConfig(environment, { user: false, files: ["/etc/binfmt-dispatcher.toml"] });
  assertEquals(same.layers.map(({ path }) => path), ["/etc/binfmt-dispatcher.toml"]);
});

const WORD = fc.constantFrom(
  ..."defaults muvm machines interpreters formats binaries x86_64 fex path".split(" "),
  ..."interpreter args env packages magic extension mask offset __proto__ \\n".split(" "),
);
const VALUE = fc.constantFrom(
  ...["1", "-1.5", "nan", "true", '""', '"fex"', '"/x"', '"~/x"', "[]", '["fex"]', '["/x", 1]'],
  ...["{}", "[[[]]]", '{ a = "b" }', "2000-01-01", "07:32:00", "'MZ'", "'\\x7f'", "[{}]"],
  ...['"{machine}"', "inf"],
);
const LINE = fc.oneof(
  fc.tuple(WORD, WORD).map(([a, b]) => `[${a}."${b}"]`),
  fc.tuple(WORD, VALUE).map(([key, value]) => `"${key}" = ${value}`),
  fc.tuple(WORD, WORD, VALUE).map(([a, b, value]) => `"${a}"."${b}" = ${value}`),
  WORD.map((name) => `[${name}]`),
  fc.string({ maxLength: 8 }),
);

Deno.test("loadConfig() never throws or loses another layer, whatever one contains", () => {
  fc.assert(
    fc.property(fc.array(LINE, { maxLength: 12 }), (lines) => {
      const loaded = load(
        FEX + '[binaries.b]\npath = "/kept"\ninterpreter = "fex"',
        lines.join("\n"),
      );
      assert(loaded.config.interpreters.has("fex"));
      for (const fault of loaded.diagnostics()) assert(fault.message.length < 500);
    }),
    { seed: 20261122, numRuns: 2000 },
  );
});
