import { assertEquals } from "@std/assert";
import { test } from "../../abilities.ts";
import { headersOf } from "../../programs.ts";
import { NEEDS, worldWithBusybox } from "../../real/foreign.ts";
import { Stage } from "../stage.ts";

const REFUSAL = "binfmt-dispatcher: This is the handler, which the kernel starts for foreign " +
  "programs\n  To start one by hand: binfmt-dispatcher run PROGRAM\n";

Deno.test("a first argument without a slash is not a program", async () => {
  using stage = new Stage();
  stage.write("telling", headersOf("riscv64"), 0o755);
  for (const word of ["telling", "", "tel", "TELL"]) {
    const { status, stderr } = await stage.handle([word, "/"]);
    assertEquals([status, stderr], [2, REFUSAL], word);
  }
});

test({
  name: "a foreign program named like an errand is started",
  needs: NEEDS,
  fn: async () => {
    using world = await worldWithBusybox();
    // An empty entry in PATH gives the kernel, and so the handler, a path without a slash.
    const script =
      'cp $(command -v busybox-foreign) tell && exec perl -e "exec {q(tell)} qw(echo 1 2)"';
    const { stdout, stderr } = await world.run(["bash", "-c", script], {
      env: { PATH: ":/usr/bin:/bin" },
    });
    assertEquals([stdout, stderr], ["1 2\n", ""]);
  },
});
