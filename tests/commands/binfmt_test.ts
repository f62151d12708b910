import { assert, assertEquals } from "@std/assert";
import { parseCommand } from "../../lib/commands/arguments.ts";
import { binfmt } from "../../lib/commands/binfmt.ts";
import { headersOf } from "../programs.ts";
import { FakeEnvironment, type FakeSystem } from "../fake_environment.ts";

const LAYER = `
[defaults]
interpreter = "qemu"
[interpreters.qemu]
path = "/usr/bin/qemu-{machine}"
[formats.jar]
extension = "jar"
`;

async function run(args: string[], system: FakeSystem = {}) {
  const command = parseCommand(["binfmt", ...args]);
  assert(command.ok && command.value.kind === "binfmt");
  const files = { "/etc/binfmt-dispatcher.toml": LAYER, ...system.files };
  return await binfmt(command.value, new FakeEnvironment({ ...system, files }));
}

Deno.test("binfmt() prints the lines, after a comment that says how they were made", async () => {
  const result = await run(["--machine", "jar", "--flags=PO", "--handler", "/h"]);
  assertEquals(result, {
    ok: true,
    value: {
      stdout: "# Made by: binfmt-dispatcher binfmt --machine jar --flags PO --handler /h\n" +
        ":binfmt-dispatcher-jar:E::jar::/h:PO\n",
      stderr: "",
    },
  });
});

Deno.test("binfmt() with --direct names an installed interpreter, and warns about C", async () => {
  const files = { "/usr/bin/qemu-arm": { content: headersOf("aarch64"), mode: 0o755 } };
  const args = ["--machine", "arm", "--direct", "--flags", "PCF"];
  const result = await run(args, { files, machine: "aarch64" });
  assert(result.ok);
  assert(String(result.value.stdout).endsWith(":/usr/bin/qemu-arm:PCF\n"));
  assert(
    result.value.stderr?.startsWith(
      "binfmt-dispatcher: warning: with flag C, the interpreter of a setuid program",
    ),
  );
  const none = await run(["--machine", "arm", "--direct"]);
  assertEquals(none.ok || none.failure.code, "no-interpreter");
});

Deno.test("binfmt() takes this machine as the host unless --host names another", async () => {
  assertEquals((await run(["--machine", "x86_64"], { machine: "aarch64" })).ok, true);
  assertEquals((await run(["--machine", "x86_64"], { machine: "x86_64" })).ok, false);
  assertEquals((await run(["--machine", "x86_64", "--host=aarch64"])).ok, true);
});
