import { assert, assertEquals } from "@std/assert";
import { registered } from "../../lib/commands/registered.ts";
import { exitStatus } from "../../lib/failure.ts";
import { buildElf } from "../elf/build_elf.ts";
import { FakeEnvironment } from "../fake_environment.ts";

async function failure(content: string | Uint8Array, machine: string) {
  const environment = new FakeEnvironment({ files: { "/opt/game": { content } }, machine });
  const result = await registered("/opt/game", environment);
  assert(!result.ok);
  return result.failure;
}

Deno.test("registered() gives the right line for the program, and status 125", async () => {
  const found = await failure(buildElf({ machine: "x86_64" }), "aarch64");
  assertEquals(exitStatus(found), 125);
  assert(found.why.includes("an old registration in binfmt_misc names this program"));
  assert(found.hint?.includes("binfmt --machine x86_64”"), found.hint);
  assert(found.hint?.includes(":binfmt-dispatcher-x86_64:M::\\x7f\\x45"), found.hint);
});

Deno.test("registered() points to help where no line is right", async () => {
  for (const content of ["no program", buildElf({ machine: "x86_64" })]) {
    const found = await failure(content, "x86_64");
    assertEquals(exitStatus(found), 125);
    assertEquals(found.hint, "“binfmt-dispatcher binfmt --help” tells how to get the right line.");
  }
});
