import { assert, assertEquals } from "@std/assert";
import { directInterpreter } from "../../lib/binfmt/direct.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { FakeEnvironment } from "../fake_environment.ts";

const LAYER = `
[defaults]
interpreter = ["fex", "qemu"]
[machines.riscv64]
interpreter = "other"
[interpreters.fex]
path = ["/usr/bin/FEX", "/usr/bin/FEXInterpreter"]
use_muvm = true
[interpreters.qemu]
path = ["/usr/bin/qemu-{machine}", "/opt/{gnu}/{debian}"]
[interpreters.other]
path = "/usr/bin/other"
machines = ["riscv64"]
[interpreters.each]
path = ["/opt/qemu-m68k", "/opt/qemu-hppa"]
[machines.hppa]
interpreter = "each"
[interpreters.java]
path = "/usr/bin/java"
[formats.jar]
extension = "jar"
interpreter = "java"
`;
const files = { "/etc/binfmt-dispatcher.toml": LAYER };
const { config } = loadConfig(new FakeEnvironment({ files }), { user: false });

function direct(name: string, present: string[], pageSize = 4096): string {
  const exists = (path: string) => present.includes(path);
  const result = directInterpreter(name, config, { exists, pageSize });
  return result.ok ? result.value : `${result.failure.code}: ${result.failure.why}`;
}

Deno.test("directInterpreter() takes the first path that exists", () => {
  const qemu = "/usr/bin/qemu-x86_64";
  assertEquals(direct("x86_64", ["/usr/bin/FEX", qemu]), "/usr/bin/FEX");
  assertEquals(direct("x86_64", ["/usr/bin/FEXInterpreter", qemu]), "/usr/bin/FEXInterpreter");
  assertEquals(direct("x86_64", [qemu]), qemu);
  assertEquals(
    direct("arm", ["/usr/bin/FEX", "/opt/arm-linux-gnueabihf/armhf"]),
    "/opt/arm-linux-gnueabihf/armhf",
  );
  assertEquals(direct("riscv64", ["/usr/bin/other", "/usr/bin/qemu-riscv64"]), "/usr/bin/other");
  assertEquals(direct("jar", ["/usr/bin/java"]), "/usr/bin/java");
});

Deno.test("directInterpreter() passes over what would need muvm here", () => {
  assertEquals(
    direct("x86_64", ["/usr/bin/FEX", "/usr/bin/qemu-x86_64"], 16384),
    "/usr/bin/qemu-x86_64",
  );
});

Deno.test("directInterpreter() says what it looked for", () => {
  assertEquals(direct("riscv64", []), "no-interpreter: none of /usr/bin/other exists");
  assert(direct("x86_64", []).includes("/usr/bin/FEX, /usr/bin/FEXInterpreter, /usr/bin/qemu-"));
  assertEquals(direct("go", []), "no-interpreter: the configuration has none for it");
});

Deno.test("directInterpreter() gives a path named qemu-MACHINE to that machine alone", () => {
  assertEquals(direct("hppa", ["/opt/qemu-m68k", "/opt/qemu-hppa"]), "/opt/qemu-hppa");
  const none = "no-interpreter: none of /opt/qemu-hppa exists";
  assertEquals(direct("hppa", ["/opt/qemu-m68k"]), none);
});
