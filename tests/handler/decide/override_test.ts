import { assert, assertEquals } from "@std/assert";
import { Stage } from "../stage.ts";

const TWO = `[defaults]
interpreter = "one"
[interpreters.one]
path = "$/interpreter"
args = ["one"]
machines = ["riscv64"]
[interpreters.two]
path = "$/interpreter"
args = ["two"]
machines = ["riscv64"]
[interpreters.other]
path = "$/interpreter"
args = ["other"]
machines = ["s390x"]
[interpreters.missing]
path = "$/missing"
machines = ["riscv64"]`;

Deno.test("BINFMT_DISPATCHER_INTERPRETER picks an interpreter", async () => {
  using stage = new Stage(TWO);
  const start = (id: string) =>
    stage.handle([stage.program], { env: { BINFMT_DISPATCHER_INTERPRETER: id } });
  assertEquals((await start("two")).report?.argv[1], "two");
  // An interpreter for another machine is skipped.
  assertEquals((await start("other")).report?.argv[1], "one");
  const missing = await start("missing");
  assertEquals(missing.status, 127);
  assert(missing.stderr.includes(`missing needs ${stage.path("missing")}\n`), missing.stderr);
  assertEquals((await start("")).report?.argv[1], "one");
  for (const id of ["unknown", "tw", "two2"]) {
    const unknown = await start(id);
    assertEquals(unknown.status, 126);
    assert(
      unknown.stderr.includes(`names “${id}”, which is not a configured interpreter`),
      unknown.stderr,
    );
  }
});
