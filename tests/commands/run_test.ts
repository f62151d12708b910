import { assertEquals } from "@std/assert";
import { run } from "../../lib/commands/run.ts";
import { RealEnvironment } from "../../lib/real_environment.ts";
import { headersOf } from "../programs.ts";
import { Stage } from "../handler/stage.ts";

async function status(
  handler: string,
  program = "/bin/true",
  args: readonly string[] = [],
): Promise<number | string> {
  const result = await run({ kind: "run", program, args }, new RealEnvironment(""), handler);
  return result.ok ? result.value.status ?? 0 : result.failure.why;
}

Deno.test("run starts the handler with the program, and exits with its status", async () => {
  using stage = new Stage(
    '[interpreters.sh]\npath = "/bin/sh"\nmachines = ["riscv64"]\n' +
      'args = ["-c"]\n[defaults]\ninterpreter = "sh"',
  );
  const handler = stage.path("handler");
  assertEquals(await status(handler, stage.program, ["exit 7"]), 7);
});

Deno.test("run says that a file is not marked as executable, as explain does", async () => {
  using stage = new Stage();
  const program = stage.write("program", headersOf("riscv64"), 0o644);
  assertEquals(await status(stage.path("handler"), program), "it is not marked as executable");
});

Deno.test("run says what is missing", async () => {
  assertEquals(await status("/nowhere"), "/nowhere is not installed");
  assertEquals(await status("/bin/true", "/nowhere"), "no such file");
});
