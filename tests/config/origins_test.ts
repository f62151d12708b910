import { assertEquals } from "@std/assert";
import { load } from "./load_config.ts";

const FEX = '[interpreters.fex]\npath = "/usr/bin/FEX"\n';

Deno.test("origin() returns where each value was set, by dotted key", async () => {
  const loaded = load(
    `${FEX}\n[binaries."a.b"]\npath = "/x"\ninterpreter = "fex"`,
    '# comment\n[binaries."a.b"]\npath = "/y"',
  );
  const origin = async (key: string) => {
    const found = await loaded.origin(key);
    return found === undefined ? undefined : `${found.file.replace(/^.*\//, "")}:${found.line}`;
  };
  assertEquals(await origin("interpreters.fex.path"), "a.toml:2");
  assertEquals(await origin("interpreters.fex"), "a.toml:1");
  assertEquals(await origin('binaries."a.b".path'), "binfmt-dispatcher.toml:3");
  assertEquals(await origin('binaries."a.b".interpreter'), "a.toml:6");
  assertEquals(await origin('binaries."a.b"'), "binfmt-dispatcher.toml:2");
  assertEquals(await origin("interpreters.fex.args"), undefined);
});

Deno.test("diagnostics() are sorted by layer and line", async () => {
  const loaded = load(
    '[interpreters.x]\nuse_muvm = 1\n[muvm]\nx = 1\n[defaults]\ninterpreter = "y"',
    "[muvm]\nlinger = -1",
  );
  const found = (await loaded.diagnostics()).map(({ file, line, key }) => [file.length, line, key]);
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
