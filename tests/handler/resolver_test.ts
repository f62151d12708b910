// Shows docs/security.md#a-hostile-environment
import { assert, assertEquals } from "@std/assert";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { exists } from "../../tasks/exists.ts";
import { test } from "../abilities.ts";
import { headersOf } from "../programs.ts";
import { Stage } from "./stage.ts";

Deno.test("the resolver inherits nothing from the caller", async () => {
  using stage = new Stage();
  const program = stage.write("program", headersOf("riscv64"), 0o755);
  const seen = stage.path("seen");
  const resolver =
    `#!/bin/sh\n{ env; pwd; umask; ls -l /proc/self/fd; echo "$@"; } > ${seen}\ncat ${
      stage.path("table")
    }\n`;
  stage.write("resolver", resolver, 0o755);
  const env = { LD_PRELOAD: "/nowhere.so", XDG_CONFIG_HOME: "/x", QEMU_LOG: "y" };
  const { report } = await stage.handle([program], { env });
  assertEquals(report?.env.includes("LD_PRELOAD=/nowhere.so"), true);
  const lines = Deno.readTextFileSync(seen).split("\n");
  const variables = lines.filter((line) => line.includes("=")).map((line) => line.split("=")[0]);
  assertEquals(variables.filter((name) => !["PWD", "_", "SHLVL", "OLDPWD"].includes(name!)), [
    "PATH",
  ]);
  assert(lines.includes("/"), "its working directory is /");
  assert(lines.includes("0022"), "its umask");
  assert(lines.some((line) => / 0 -> \/dev\/null/.test(line)), "descriptor 0");
  assertEquals(lines.at(-2), `routes --format ${FORMAT_VERSION} --system`);
});

Deno.test("a start whose resolver produces no table ends with a message", async () => {
  using stage = new Stage();
  const program = stage.write("program", headersOf("riscv64"), 0o755);
  // Not even if there was a table before.
  Deno.removeSync(stage.path("tables"), { recursive: true });
  for (const resolver of ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho nonsense\n", "#!/nowhere\n"]) {
    stage.write("resolver", resolver, 0o755);
    const { status, stderr } = await stage.handle([program]);
    assertEquals(status, 125);
    assert(stderr.includes("its route table cannot be compiled"), stderr);
  }
});

test({
  name: "a resolver does not begin if its start was killed before",
  needs: ["strace"],
  fn: async () => {
    using stage = new Stage();
    const program = stage.write("program", headersOf("riscv64"), 0o755);
    stage.write("resolver", `#!/bin/sh\ntouch ${stage.path("begun")}\n`, 0o755);
    // The first process is the handler; its child is stopped before it asks to die with its parent.
    const inject = ["-f", "-qq", "-e", "trace=prctl", "-e", "inject=prctl:delay_enter=600000"];
    const kill = `"$@" & sleep 0.3; pkill -KILL -x -P $! handler; wait $!; sleep 1`;
    const args = ["-c", kill, "sh", "strace", ...inject, "-o", stage.path("trace")];
    await new Deno.Command("sh", { args: [...args, stage.path("handler"), program] }).output();
    assert(Deno.readTextFileSync(stage.path("trace")).includes("PR_SET_PDEATHSIG"));
    assertEquals(exists(stage.path("begun")), false);
  },
});
