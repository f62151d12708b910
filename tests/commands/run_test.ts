import { assert, assertEquals } from "@std/assert";
import { run } from "../../lib/commands/run.ts";
import { RealEnvironment } from "../../lib/real_environment.ts";
import { headersOf } from "../programs.ts";
import { Stage } from "../handler/stage.ts";

const COMMAND = {
  kind: "run",
  root: "",
  program: "/bin/true",
  args: [],
  handler: undefined,
} as const;

async function status(options: Partial<Parameters<typeof run>[0]>): Promise<number | string> {
  const result = await run({ ...COMMAND, ...options }, new RealEnvironment(""));
  return result.ok ? result.value.status ?? 0 : result.failure.why;
}

Deno.test("run starts the handler with the program, and ends as it does", async () => {
  using stage = new Stage(
    '[interpreters.sh]\npath = "/bin/sh"\nmachines = ["riscv64"]\n' +
      'args = ["-c"]\n[defaults]\ninterpreter = "sh"',
  );
  const program = stage.write("program", headersOf("riscv64"), 0o755);
  const handler = stage.path("handler");
  assertEquals(await status({ program, args: ["exit 7"], handler }), 7);
  assertEquals(await status({ program, args: ["kill -9 $$"], handler }), 128 + 9);
});

Deno.test("run says what is missing", async () => {
  assertEquals(await status({ handler: "/nowhere" }), "/nowhere is not installed");
  assertEquals(await status({ program: "/nowhere" }), "there is no such file");
  const elsewhere = await status({ root: "/image" });
  assert(elsewhere === "a program cannot be started below --root /image", `${elsewhere}`);
});
