import { assertEquals } from "@std/assert";
import { Stage } from "./stage.ts";

Deno.test("the handler becomes the interpreter, with its arguments in order", async () => {
  using stage = new Stage();
  const { status, stderr, report } = await stage.handle([stage.program, "a", "", "b c"]);
  assertEquals(stderr, "");
  assertEquals(report?.argv, [stage.path("interpreter"), stage.program, "a", "", "b c"]);
  assertEquals(report?.env, [`HOME=${stage.path("home")}`]);
  assertEquals(report?.cwd, stage.directory);
  assertEquals(status, 5);
});
