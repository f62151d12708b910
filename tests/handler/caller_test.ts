import { assertEquals } from "@std/assert";
import { Stage } from "./stage.ts";

const ECHO = `[interpreters.probe]
path = "$/interpreter"
args = ["{argv0}", "{program}"]
machines = ["riscv64"]
[defaults]
interpreter = "probe"`;

Deno.test("readStack() uses the path as argv[0] if the kernel gave none", async () => {
  using stage = new Stage(ECHO);
  const { report } = await stage.handle([stage.program, "a"]);
  assertEquals(report?.argv.slice(1), [stage.program, stage.program, "a"]);
});

Deno.test("readStack() passes on a hundred thousand arguments", async () => {
  using stage = new Stage();
  const args = Array.from({ length: 100_000 }, (_, i) => `${i}`);
  const { report } = await stage.handle([stage.program, ...args]);
  assertEquals(report?.argv.slice(2), args);
});

Deno.test("the handler started by hand says what it is", async () => {
  using stage = new Stage();
  const { status, stderr } = await stage.handle([]);
  assertEquals(status, 2);
  assertEquals(
    stderr,
    "binfmt-dispatcher: This is the handler, which the kernel starts for foreign programs\n" +
      "  To start one by hand: binfmt-dispatcher run PROGRAM\n",
  );
});
