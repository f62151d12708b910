import { assert, assertEquals } from "@std/assert";
import { headersOf } from "../../programs.ts";
import { Stage } from "../stage.ts";

Deno.test("openProgram() says why a program cannot be opened", async () => {
  using stage = new Stage();
  const missing = stage.path("missing");
  const { status, stderr } = await stage.handle([missing]);
  assertEquals(status, 126);
  assert(
    stderr.startsWith(`binfmt-dispatcher: Cannot run “${missing}”: no such file\n`),
    stderr,
  );
  const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" ./program';
  const deleted = await new Deno.Command("sh", {
    args: ["-c", script, stage.path("handler")],
    cwd: stage.directory,
  }).output();
  assertEquals(deleted.code, 126);
  assertEquals(
    new TextDecoder().decode(deleted.stderr),
    "binfmt-dispatcher: Cannot run “./program”: its working directory was deleted\n",
  );
  const refused = await stage.handle([stage.path("home")]);
  assertEquals(refused.status, 126);
  assert(refused.stderr.includes("it is a directory"), refused.stderr);
});

Deno.test("openProgram() does not wait for a writer if the program is a FIFO", async () => {
  using stage = new Stage();
  new Deno.Command("mkfifo", { args: [stage.path("fifo")] }).outputSync();
  const { status } = await stage.handle([stage.path("fifo")]);
  assertEquals(status, 126);
});

Deno.test("openProgram() resolves links to the canonical path", async () => {
  using stage = new Stage(`[interpreters.probe]
path = "$/interpreter"
machines = ["riscv64"]
[binaries.real]
path = "$/real/program"
interpreter = "probe"`);
  stage.write("real/program", headersOf("riscv64"), 0o755);
  Deno.symlinkSync("real", stage.path("link"));
  const { report } = await stage.handle(["link/program"]);
  assertEquals(report?.argv, [stage.path("interpreter"), "link/program"]);
});

Deno.test("closeProgram() closes all descriptors of the program", async () => {
  using stage = new Stage(
    '[interpreters.ls]\npath = "/bin/ls"\nargs = ["/proc/self/fd"]\nmachines = ["riscv64"]\n' +
      '[defaults]\ninterpreter = "ls"',
  );
  const { stdout, stderr } = await stage.handle([stage.program]);
  // The test's own caller may have left descriptors open.
  const direct = await new Deno.Command("/bin/ls", { args: ["/proc/self/fd"], stdin: "null" })
    .output();
  assertEquals([stdout, stderr], [new TextDecoder().decode(direct.stdout), ""]);
});
