import { assert, assertEquals } from "@std/assert";
import { headersOf, reporter } from "../../programs.ts";
import { HOST, Stage, type StageOptions } from "../stage.ts";

/** A stage without any table, whose resolver cannot be started; the handler carries `machine`'s. */
function lonely(machine?: string): Stage {
  const fallback = machine === undefined
    ? {}
    : { fallback: { machine, name: `qemu-${machine}-static`, image: reporter(HOST) } };
  const stage = new Stage(undefined, fallback satisfies StageOptions);
  Deno.removeSync(stage.path("resolver"));
  Deno.removeSync(stage.path("tables"), { recursive: true });
  return stage;
}

Deno.test("the interpreter in the handler runs what can be run by nothing else", async () => {
  using stage = lonely("riscv64");
  const program = stage.write("program", headersOf("riscv64"), 0o755);
  const { stderr, report } = await stage.handle([program, "a", ""], { env: { A: "1" } });
  assertEquals(stderr, "");
  assertEquals(report?.argv, ["qemu-riscv64-static", "-0", program, "--", program, "a", ""]);
  assertEquals(report?.env.includes("A=1"), true);
});

Deno.test("the interpreter in the handler is for its own machine alone", async () => {
  using stage = lonely("riscv64");
  const program = stage.write("program", headersOf("s390x"), 0o755);
  const { status, stderr } = await stage.handle([program]);
  assertEquals(status, 125);
  assert(stderr.includes("there is neither a route table nor"), stderr);
});

Deno.test("without one, a container's lack is told, and what to do about it", async () => {
  using stage = lonely();
  const program = stage.write("program", headersOf("riscv64"), 0o755);
  const { status, stderr } = await stage.handle([program]);
  assertEquals(status, 125);
  assertEquals(
    stderr,
    `binfmt-dispatcher: Cannot run “${program}”: there is neither a route table nor ` +
      `${stage.path("resolver")} here, as in a container\n` +
      "  Outside of it: binfmt-dispatcher binfmt --direct --machine MACHINE, or " +
      "binfmt-dispatcher handler --fallback PATH\n",
  );
});
