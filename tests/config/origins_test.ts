import { assertEquals } from "@std/assert";
import { load } from "./load_config.ts";

const FEX = '[interpreters.fex]\npath = "/usr/bin/FEX"\n';

Deno.test("origin() returns where each value was set, by dotted key", () => {
  const loaded = load(
    `${FEX}\n[binaries."a.b"]\npath = "/x"\ninterpreter = "fex"`,
    '# comment\n[binaries."a.b"]\npath = "/y"',
  );
  const origin = (key: string) => {
    const found = loaded.origin(key);
    return found === undefined ? undefined : `${found.file.replace(/^.*\//, "")}:${found.line}`;
  };
  assertEquals(origin("interpreters.fex.path"), "a.toml:2");
  assertEquals(origin("interpreters.fex"), "a.toml:1");
  assertEquals(origin('binaries."a.b".path'), "binfmt-dispatcher.toml:3");
  assertEquals(origin('binaries."a.b".interpreter'), "a.toml:6");
  assertEquals(origin('binaries."a.b"'), "binfmt-dispatcher.toml:2");
  assertEquals(origin("interpreters.fex.args"), undefined);
});

Deno.test("diagnostics() are sorted by layer and line", () => {
  const loaded = load(
    '[interpreters.x]\nuse_muvm = 1\n[muvm]\nx = 1\n[defaults]\ninterpreter = "y"',
    "[muvm]\nlinger = -1",
  );
  const found = loaded.diagnostics().map(({ file, line, key }) => [file.length, line, key]);
  const [low, high] = [
    "/usr/lib/binfmt-dispatcher.d/a.toml".length,
    "/etc/binfmt-dispatcher.toml".length,
  ];
  assertEquals(found, [
    [low, 2, "interpreters.x.use_muvm"],
    [low, 4, "muvm.x"],
    [low, 6, "defaults.interpreter"],
    [high, 2, "muvm.linger"],
  ]);
});
