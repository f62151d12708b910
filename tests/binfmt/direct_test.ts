import { assert, assertEquals } from "@std/assert";
import { directInterpreter } from "../../lib/binfmt/direct.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { buildElf } from "../elf/build_elf.ts";
import { FakeEnvironment } from "../fake_environment.ts";

const LAYER = `
[defaults]
interpreter = ["fex", "qemu"]
[machines.riscv64]
interpreter = ["only-static", "only-dynamic"]
[machines.s390x]
interpreter = "fex"
[machines.ppc64]
interpreter = "in-a-sysroot"
[machines.arm]
interpreter = "with-variables"
[interpreters.fex]
path = ["/usr/bin/FEX", "/usr/bin/FEXInterpreter"]
use_muvm = true
[interpreters.qemu]
path = ["/usr/bin/qemu-{machine}", "/opt/{gnu}/{debian}"]
args = ["-L", "{sysroot}", "-0", "{argv0}", "--", "{program}"]
sysroot = ["/"]
[interpreters.in-a-sysroot]
path = "/usr/bin/qemu-{machine}"
args = ["-L", "{sysroot}", "{program}"]
sysroot = ["/usr/{gnu}"]
[interpreters.only-static]
path = "/usr/bin/static"
machines = ["riscv64"]
linkage = "static"
[interpreters.only-dynamic]
path = "/usr/bin/dynamic"
machines = ["riscv64"]
linkage = "dynamic"
[interpreters.with-variables]
path = "/usr/bin/emu-{machine}"
env = { EMU_ARG0 = "{argv0}" }
[interpreters.each]
path = ["/opt/qemu-m68k", "/opt/qemu-hppa"]
[machines.hppa]
interpreter = "each"
[interpreters.java]
path = "/usr/bin/java"
args = ["-jar", "{program}"]
[interpreters.go]
path = "/usr/bin/run-go"
[formats.jar]
extension = "jar"
interpreter = "java"
[formats.go]
extension = "go"
interpreter = "go"
`;
const native = { content: buildElf({ machine: "x86_64" }), mode: 0o755 };

function direct(name: string, present: readonly string[], pageSize = 4096): string {
  const files = Object.fromEntries([
    ["/etc/binfmt-dispatcher.toml", LAYER] as const,
    ...present.map((path) => [path, native] as const),
  ]);
  const environment = new FakeEnvironment({ files, pageSize, machine: "x86_64" });
  const effective = loadConfig(environment, { user: false });
  const compiled = compileRoutes(effective);
  assert(compiled.ok);
  const facts = { table: compiled.value.table, environment };
  const result = directInterpreter(name, effective.config, facts);
  if (!result.ok) return `${result.failure.code}: ${result.failure.why}`;
  return [result.value.interpreter, ...result.value.lost].join(" ");
}

Deno.test("directInterpreter() chooses the interpreter that the handler would choose", () => {
  const qemu = "/usr/bin/qemu-x86_64";
  assertEquals(direct("x86_64", ["/usr/bin/FEX", qemu]), "/usr/bin/FEX");
  assertEquals(direct("x86_64", ["/usr/bin/FEXInterpreter", qemu]), "/usr/bin/FEXInterpreter");
  assertEquals(direct("x86_64", [qemu]), qemu);
  assertEquals(direct("i386", ["/opt/i686-linux-gnu/i386"]), "/opt/i686-linux-gnu/i386");
  assertEquals(direct("go", ["/usr/bin/run-go"]), "/usr/bin/run-go");
  assertEquals(direct("hppa", ["/opt/qemu-m68k", "/opt/qemu-hppa"]), "/opt/qemu-hppa");
});

Deno.test("directInterpreter() falls back to the default interpreters", () => {
  assertEquals(direct("s390x", ["/usr/bin/qemu-s390x"]), "/usr/bin/qemu-s390x");
});

Deno.test("directInterpreter() skips interpreters that would need muvm", () => {
  const present = ["/usr/bin/FEX", "/usr/bin/qemu-x86_64", "/usr/bin/muvm"];
  assertEquals(direct("x86_64", present, 16384), "/usr/bin/qemu-x86_64");
});

Deno.test("directInterpreter() says what is missing", () => {
  assertEquals(
    direct("hppa", ["/opt/qemu-m68k"]),
    "no-interpreter: no interpreter for hppa programs can run it here: " +
      "/opt/qemu-hppa is missing",
  );
});

Deno.test("directInterpreter() refuses what an entry cannot express", () => {
  assertEquals(
    direct("riscv64", ["/usr/bin/static", "/usr/bin/dynamic"]),
    "refused: /usr/bin/static runs static programs and /usr/bin/dynamic dynamic ones, but an " +
      "entry names only one",
  );
  assertEquals(
    direct("jar", ["/usr/bin/java"]),
    "refused: /usr/bin/java needs the arguments -jar, which an entry cannot pass",
  );
  assertEquals(
    direct("ppc64", ["/usr/bin/qemu-ppc64"]),
    "refused: /usr/bin/qemu-ppc64 needs the arguments -L /usr/powerpc64-linux-gnu, which an " +
      "entry cannot pass",
  );
});

Deno.test("directInterpreter() lists the variables that are lost", () => {
  assertEquals(direct("arm", ["/usr/bin/emu-arm"]), "/usr/bin/emu-arm EMU_ARG0=argv0");
});
