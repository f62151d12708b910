import { assert, assertEquals } from "@std/assert";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { headersOf } from "../programs.ts";
import { Stage } from "./stage.ts";

Deno.test("the resolver starts with nothing of the caller's", async () => {
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

Deno.test("a resolver that gives no table ends the start in words", async () => {
  using stage = new Stage();
  const program = stage.write("program", headersOf("riscv64"), 0o755);
  // Not even one that was made before.
  Deno.removeSync(stage.path("tables"), { recursive: true });
  for (const resolver of ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho nonsense\n", "#!/nowhere\n"]) {
    stage.write("resolver", resolver, 0o755);
    const { status, stderr } = await stage.handle([program]);
    assertEquals(status, 125);
    assert(stderr.includes("its route table cannot be made"), stderr);
  }
});
