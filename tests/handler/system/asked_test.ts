import { assertEquals } from "@std/assert";
import { headersOf } from "../../programs.ts";
import { PROBE, Stage } from "../stage.ts";

const ASKED = { BINFMT_DISPATCHER_INTERPRETER: "?" };

Deno.test("asked for the interpreter, the handler names it and starts nothing", async () => {
  using stage = new Stage(`${PROBE}
[interpreters.absent]
path = "$/absent"
machines = ["riscv64"]
[binaries.others]
path = "$/other"
interpreter = ["absent", "probe"]
[binaries.none]
path = "$/none"
interpreter = "absent"`);
  const ask = async (name: string, env = ASKED) => {
    const program = stage.write(name, headersOf("riscv64"), 0o755);
    const { status, stdout, stderr, report } = await stage.handle([program], { env });
    assertEquals(report, undefined);
    return [status, stdout, stderr.split(": ")[2] ?? ""];
  };
  const told = [0, `probe (${stage.path("interpreter")})\n`, ""];
  assertEquals(await ask("program"), told);
  assertEquals(await ask("other"), told);
  // Without an interpreter, the message and status are those of a start.
  assertEquals(await ask("none"), [
    127,
    "",
    "no interpreter for riscv64 programs can run it here",
  ]);
});

Deno.test("asked without a table or resolver, the handler names its own interpreter", async () => {
  const image = new Uint8Array([1]); // cannot be executed
  const fallbacks = [{ machine: "riscv64", name: "qemu-riscv64-static", image }];
  using stage = new Stage(PROBE, { fallbacks });
  for (const name of ["resolver", "tables"]) Deno.removeSync(stage.path(name), { recursive: true });
  const { status, stdout, stderr } = await stage.handle([stage.program], { env: ASKED });
  assertEquals([status, stdout, stderr], [0, "qemu-riscv64-static (in the handler)\n", ""]);
});

Deno.test("asked for the interpreter, the handler fails if it cannot answer", async () => {
  using stage = new Stage();
  const { code } = await new Deno.Command("sh", {
    args: ["-c", 'exec "$0" "$1" >/dev/full', stage.path("handler"), stage.program],
    clearEnv: true,
    env: { ...ASKED, PATH: "/usr/bin:/bin", HOME: stage.path("home") },
  }).output();
  assertEquals(code, 1);
});
