import { assert, assertEquals } from "@std/assert";
import { loadConfig } from "../../lib/config/load.ts";
import { formatState, linkAt } from "../../lib/enable/format_state.ts";
import { readHandlerFacts } from "../../lib/explain/handler_facts.ts";
import { LINES } from "../../lib/paths.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { type System, told } from "../explain/told.ts";
import { FakeEnvironment, type FakeSystem } from "../fake_environment.ts";

const LAYER = `
[interpreters.qemu]
name = "QEMU"
path = "/usr/bin/qemu-{machine}"
linkage = "static"
[interpreters.box64]
path = "/usr/bin/box64"
machines = ["x86_64"]
linkage = "dynamic"
[interpreters.wine]
path = "/usr/bin/wine"
[defaults]
interpreter = ["box64", "qemu"]
[formats.windows]
magic = "MZ"
interpreter = "wine"
[formats.dotnet]
magic = "MZ"
clr = true
[formats.shell]
magic = "#!"
`;
const JAR = ":binfmt-dispatcher-windows:M::\\x4d\\x5a:\\xff\\xff:/usr/libexec/binfmt-dispatcher/" +
  "handler:POF";
const OTHER = { name: "qemu-x86_64", interpreter: "/usr/bin/qemu-x86_64", flags: "OCF" };

function state(name: string, files: FakeSystem["files"] = {}, system?: System) {
  const environment = new FakeEnvironment({
    files: { "/usr/lib/binfmt-dispatcher.d/a.toml": LAYER, ...files },
  });
  const effective = loadConfig(environment, { user: false });
  const compiled = compileRoutes(effective);
  assert(compiled.ok);
  return formatState(name, {
    environment,
    config: effective.config,
    table: compiled.value.table,
    told: system && readHandlerFacts(told(system)),
  });
}

function value(...args: Parameters<typeof state>) {
  const result = state(...args);
  assert(result.ok);
  return result.value;
}

Deno.test("formatState() uses a shipped file only if it has the same lines", () => {
  const path = `${LINES}/windows.conf`;
  assertEquals(value("windows").lines, [JAR]);
  assertEquals(value("windows").shipped, undefined);
  assertEquals(value("windows", { [path]: `# Made\n${JAR}\n` }).shipped, path);
  assertEquals(value("windows", { [path]: JAR.replace("POF", "P") }).shipped, undefined);
});

Deno.test("formatState() has the name of the format whose entry a format shares", () => {
  assertEquals(value("dotnet").name, "windows");
});

Deno.test("formatState() refuses the host's own programs and what is unknown", () => {
  for (const name of ["aarch64", "shell", "foo"]) assertEquals(state(name).ok, false, name);
});

Deno.test("formatState() lists the entries that take such programs, in the kernel's order", () => {
  const ours = "binfmt-dispatcher-x86_64";
  const names = (system: System) => value("x86_64", {}, system).takers?.map(({ name }) => name);
  assertEquals(names({ entries: [OTHER, "binfmt-dispatcher-arm", ours] }), [OTHER.name, ours]);
  assertEquals(names({ entries: [{ name: ours, enabled: false }, OTHER] }), [OTHER.name]);
  assertEquals(names({ entries: [ours], status: "disabled" }), []);
  assertEquals(value("x86_64").takers, undefined);
  const windows = { ...OTHER, name: "WSLInterop", telling: "offset 0\nmagic 4d5a\n" };
  assertEquals(value("windows", {}, { entries: [windows] }).takers?.length, 1);
});

Deno.test("formatState() names the interpreter that would run such programs", () => {
  const there = (...paths: string[]) =>
    Object.fromEntries(paths.map((path) => [path, { content: "x", mode: 0o755 }]));
  const runner = (...paths: string[]) => value("x86_64", there(...paths)).runner;
  assertEquals(runner(), undefined);
  assertEquals(runner("/usr/bin/box64"), "box64, none for static programs");
  assertEquals(
    runner("/usr/bin/box64", "/usr/bin/qemu-x86_64"),
    "box64, QEMU for static programs",
  );
  assertEquals(value("windows", there("/usr/bin/wine")).runner, "wine");
});

Deno.test("linkAt() tells links and files of binfmt-dispatcher from masks and others", () => {
  const at = (file: NonNullable<FakeSystem["files"]>[string]) =>
    linkAt("/etc/x", new FakeEnvironment({ files: { "/etc/x": file } }));
  assertEquals(at({ link: `${LINES}/x86_64.conf` }), "ours");
  assertEquals(at("# Made by: binfmt-dispatcher binfmt --machine arm\n"), "ours");
  assertEquals(at({ link: "/dev/null" }), "mask");
  assertEquals(at(""), "mask");
  assertEquals(at({ link: "/usr/share/qemu/binfmt.d/x.conf" }), "another's");
  assertEquals(at(":mine:E::x::/bin/true:\n"), "another's");
  assertEquals(linkAt("/etc/x", new FakeEnvironment({})), "none");
});
