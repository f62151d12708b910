import { assertEquals } from "@std/assert";
import { headersOf } from "../programs.ts";
import { Stage } from "./stage.ts";

Deno.test("the handler becomes the interpreter, with its arguments in order", async () => {
  using stage = new Stage();
  const program = stage.write("program", headersOf("riscv64"), 0o755);
  const { status, stderr, report } = await stage.handle([program, "a", "", "b c"]);
  assertEquals(stderr, "");
  assertEquals(report?.argv, [stage.path("interpreter"), program, "a", "", "b c"]);
  assertEquals(report?.env, [`HOME=${stage.path("home")}`]);
  assertEquals(report?.cwd, stage.directory);
  assertEquals(status, 5);
});
