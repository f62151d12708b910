import { assertEquals } from "@std/assert";
import { diagnosticLines, load } from "./load_config.ts";

Deno.test("complete() uses built-in defaults if no layer sets anything", () => {
  assertEquals(load().config, {
    defaults: { interpreter: [], log_level: "warn", ask: true },
    machines: new Map(),
    interpreters: new Map(),
    muvm: {
      path: "/usr/bin/muvm",
      page_size: 4096,
      args: ["-i"],
      tty_args: ["-t"],
      forward_env: true,
      never_forward: [],
      linger: 300,
      required_paths: [],
      packages: {},
    },
    formats: new Map(),
    rules: [],
  });
});

Deno.test("complete() turns strings into lists and gives an interpreter its defaults", () => {
  const { interpreters } =
    load('[interpreters.x]\npath = "/x"\nrequired_paths = ["/a", ["/b", "~/c"]]').config;
  assertEquals(interpreters.get("x"), {
    name: "x",
    path: ["/x"],
    args: ["{program}"],
    env: {},
    machines: ["i386", "x86_64"],
    linkage: "both",
    sysroot: [],
    dynamic_required_paths: [],
    required_paths: [["/a"], ["/b", "~/c"]],
    packages: {},
    hint: undefined,
    use_muvm: false,
  });
});

Deno.test("complete() merges key by key and replaces each value whole", () => {
  const low =
    '[interpreters.x]\npath = "/x"\nname = "X"\nenv = { A = "1", B = "2" }\nsysroot = "/s"';
  const { interpreters } =
    load(low, '[interpreters.x]\nenv = { C = "3" }\npath = ["/y", "/z"]').config;
  const x = interpreters.get("x");
  assertEquals([x?.name, x?.env, x?.path, x?.sysroot], ["X", { C: "3" }, ["/y", "/z"], ["/s"]]);
});

Deno.test("complete() tries FEX after FEXInterpreter, in the same directory", () => {
  const path = (value: string) =>
    load(`[interpreters.f]\npath = ${value}`).config.interpreters.get("f")?.path;
  assertEquals(path('"/opt/FEXInterpreter"'), ["/opt/FEXInterpreter", "/opt/FEX"]);
  assertEquals(path('["/b/FEX", "/b/FEXInterpreter"]'), ["/b/FEX", "/b/FEXInterpreter"]);
});

Deno.test("complete() reports an interpreter without a path and leaves it out", () => {
  const loaded = load('[interpreters.x]\nuse_muvm = true\n[defaults]\ninterpreter = "x"');
  assertEquals(loaded.config.interpreters.size, 0);
  assertEquals(loaded.config.defaults.interpreter, []);
  assertEquals(diagnosticLines(loaded), [
    "a.toml:1: interpreters.x: the interpreter has no path, ignoring it",
    "a.toml:4: defaults.interpreter: “x” is not a known interpreter, ignoring it",
  ]);
});

Deno.test("complete() reads formats' magics and masks", () => {
  const { formats } = load(
    "[formats.a]\nmagic = 'MZ'\n" +
      "[formats.b]\nmagic = '\\x01\\x02'\nmask = '\\xff\\x00'\noffset = 4\n" +
      '[formats.c]\nextension = "jar"',
  ).config;
  const a = formats.get("a"), b = formats.get("b"), c = formats.get("c");
  assertEquals([a?.magic, a?.mask, a?.offset], [
    new Uint8Array([77, 90]),
    new Uint8Array([255, 255]),
    0,
  ]);
  assertEquals([b?.magic, b?.mask, b?.offset], [
    new Uint8Array([1, 2]),
    new Uint8Array([255, 0]),
    4,
  ]);
  assertEquals([c?.extension, c?.magic, c?.mask, c?.interpreter], [
    "jar",
    undefined,
    undefined,
    [],
  ]);
});

Deno.test("complete() leaves out formats whose keys contradict each other", () => {
  const loaded = load(`
[formats.both]
magic = 'a'
extension = 'b'
[formats.neither]
offset = 1
[formats.mask]
magic = 'ab'
mask = '\\xff'
[formats.far]
magic = 'ab'
offset = 255
[formats.near]
magic = 'ab'
offset = 254
`);
  assertEquals([...loaded.config.formats.keys()], ["near"]);
  assertEquals(diagnosticLines(loaded), [
    "a.toml:2: formats.both: the format has both extension and magic, expected only one, " +
    "ignoring it",
    "a.toml:5: formats.neither: the format has neither extension nor magic, ignoring it",
    "a.toml:7: formats.mask: the mask and the magic differ in length: 2 bytes, ignoring it",
    "a.toml:10: formats.far: the magic extends beyond the first 256 bytes, ignoring it",
  ]);
});

const FEX = '[interpreters.fex]\npath = "/usr/bin/FEX"\n';

Deno.test("complete() makes one rule of each path, in the highest layer that sets a key", () => {
  const low = `${FEX}[binaries.a]\npath = ["/x", "/y/", "/x"]\ninterpreter = "fex"\n` +
    '[binaries.b]\npath = "/z"\ninterpreter = "fex"';
  const { config, layers } = load(low, '[binaries.a]\ninterpreter = ["fex"]');
  assertEquals(
    config.rules.map(({ id, path, layer }) => `${id} ${path} ${layers[layer]?.path}`),
    [
      "a /x /etc/binfmt-dispatcher.toml",
      "a /y/ /etc/binfmt-dispatcher.toml",
      "b /z /usr/lib/binfmt-dispatcher.d/a.toml",
    ],
  );
});

Deno.test("complete() lets an empty path or interpreter switch a rule off", () => {
  const rule = `${FEX}[binaries.a]\npath = "/x"\ninterpreter = "fex"`;
  for (const off of ["path = []", "interpreter = []"]) {
    const loaded = load(rule, `[binaries.a]\n${off}`);
    assertEquals(loaded.config.rules, []);
    assertEquals(diagnosticLines(loaded), []);
  }
});

Deno.test("complete() reports a rule without a path or without an interpreter", () => {
  const loaded = load(`${FEX}[binaries.a]\npath = "/x"\n[binaries.b]\ninterpreter = "fex"`);
  assertEquals(loaded.config.rules, []);
  assertEquals(diagnosticLines(loaded), [
    "a.toml:3: binaries.a: the rule has no interpreter, ignoring it",
    "a.toml:5: binaries.b: the rule has no path, ignoring it",
  ]);
});
