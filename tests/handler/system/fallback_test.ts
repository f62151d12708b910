import { assert, assertEquals } from "@std/assert";
import { headersOf, reporter } from "../../programs.ts";
import { HOST, PROBE, Stage } from "../stage.ts";

function fallback(machine: string) {
  return { machine, name: `qemu-${machine}-static`, image: reporter(HOST) };
}

/** A stage without a table or resolver; the handler contains these machines' interpreters. */
function alone(...machines: string[]): Stage {
  const stage = new Stage(undefined, { fallbacks: machines.map(fallback) });
  Deno.removeSync(stage.path("resolver"));
  Deno.removeSync(stage.path("tables"), { recursive: true });
  return stage;
}

Deno.test("the interpreter in the handler runs what nothing else can run", async () => {
  using stage = alone("riscv64");
  const { stderr, report } = await stage.handle([stage.program, "a", ""], { env: { A: "1" } });
  assertEquals(stderr, "");
  assertEquals(report?.argv, [
    "qemu-riscv64-static",
    "-0",
    stage.program,
    "--",
    stage.program,
    "a",
    "",
  ]);
  assertEquals(report?.env.includes("A=1"), true);
});

Deno.test("of several interpreters in the handler, each runs only its own machine", async () => {
  // i386 has two magics; ppc64 and ppc64le differ in byte order, riscv32 in class.
  const machines = ["i386", "ppc64", "riscv64", "mipsn32"];
  using stage = alone(...machines);
  for (const machine of machines) {
    const program = stage.write("program", headersOf(machine), 0o755);
    const { stderr, report } = await stage.handle([program]);
    assertEquals([stderr, report?.argv[0]], ["", `qemu-${machine}-static`]);
  }
  for (const machine of ["x86_64", "ppc64le", "riscv32", "mips", "s390x"]) {
    const program = stage.write("program", headersOf(machine), 0o755);
    const { status, stderr } = await stage.handle([program]);
    assertEquals(status, 125);
    assert(stderr.includes("neither a route table nor"), stderr);
  }
});

Deno.test("with a stale table but no resolver, the interpreter in the handler runs", async () => {
  for (const fallbacks of [[], [fallback("riscv64")]]) {
    using stage = new Stage(undefined, { fallbacks });
    stage.configure(PROBE, [stage.write("source", "")]);
    await stage.settle();
    assertEquals((await stage.handle([stage.program])).report?.argv[0], stage.path("interpreter"));
    stage.write("source", "changed");
    Deno.removeSync(stage.path("resolver"));
    const { stderr, report } = await stage.handle([stage.program]);
    assertEquals([stderr.includes("using the last one"), report?.argv[0]], [
      fallbacks.length === 0,
      fallbacks[0]?.name ?? stage.path("interpreter"),
    ]);
  }
});

Deno.test("without a fallback, a message says what is missing and what to do", async () => {
  using stage = alone();
  const { status, stderr } = await stage.handle([stage.program]);
  assertEquals(status, 125);
  assertEquals(
    stderr,
    `binfmt-dispatcher: Cannot run “${stage.program}”: neither a route table nor ` +
      `${stage.path("resolver")} is here, as in a container\n` +
      "  On the host: binfmt-dispatcher binfmt --direct --machine MACHINE, or " +
      "binfmt-dispatcher handler --fallback PATH\n",
  );
});
