/** The program and the handler are enough: the shipped configuration is built in. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { HANDLER, RESOLVER } from "../../lib/paths.ts";
import { HANDLER as MADE, PROGRAM } from "../../tasks/compile.ts";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { speaker } from "../programs.ts";
import { FOREIGN, register } from "./foreign.ts";

function world(): World {
  const made = new World();
  made.bind(PROGRAM, RESOLVER);
  made.file("/usr/bin/foreign-speaker", speaker(FOREIGN as "aarch64", "it runs\n"), 0o755);
  return made;
}

test({
  name: "without a layer the program and the handler run foreign programs, by name and by run",
  needs: ["binfmt_misc", "qemu-user-static", "compiled"],
  fn: async () => {
    using here = world();
    here.bind(MADE, HANDLER);
    register(here, FOREIGN);
    const script = "foreign-speaker; binfmt-dispatcher run foreign-speaker; " +
      "binfmt-dispatcher config show | grep ^interpreter; ls /usr/lib/binfmt-dispatcher.d";
    const { stdout, stderr } = await here.run(["sh", "-c", script], { cwd: "/" });
    const shown = stdout.split("\n").filter((line) => line !== "");
    assertEquals(shown.slice(0, 2), ["it runs", "it runs"]);
    assertStringIncludes(shown[2] ?? "", "# built in:");
    assertStringIncludes(stderr, "No such file");
  },
});

test({
  name: "without a handler run prints the command that makes one, and that command works",
  needs: ["binfmt_misc", "qemu-user-static", "compiled"],
  fn: async () => {
    using here = world();
    const script = "exec 2>&1; mount -t tmpfs none /usr/libexec; " +
      "R='binfmt-dispatcher run foreign-speaker'; $R; echo $?; " +
      "sh -c \"$($R 2>&1 | sed -n 's/^  As root: //p')\"; $R";
    const { stdout } = await here.run(["sh", "-c", script], { cwd: "/" });
    assertEquals(
      stdout,
      `binfmt-dispatcher: Cannot run “foreign-speaker”: ${HANDLER} is not installed
  As root: binfmt-dispatcher handler | install -D -m 755 /dev/stdin ${HANDLER}
125
it runs
`,
    );
  },
});
