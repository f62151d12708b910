import { assertEquals } from "@std/assert";
import { test } from "../../abilities.ts";
import { FORMAT_VERSION } from "../../../lib/routes/format.ts";
import { PROBE, Stage } from "../stage.ts";

test({
  name: "handler table makes the system's table after a change, so no start does",
  needs: ["binfmt_misc"],
  fn: async () => {
    using stage = new Stage();
    const log = stage.path("log");
    stage.resolveAfter(`echo "$@" >> ${log}`);
    stage.write("home/.config/binfmt-dispatcher/binfmt-dispatcher.toml", "");
    stage.configure(PROBE, [stage.write("layer", "")]);
    for (const content of ["one", "two"]) {
      stage.write("log", "");
      // At once, as a path unit starts its service.
      stage.write("layer", content);
      const made = await stage.handle(["table"], { isolated: true });
      assertEquals([made.status, made.stdout, made.stderr], [0, "", ""]);
      const starts = Deno.readTextFileSync(log);
      assertEquals(
        new Set(starts.trimEnd().split("\n")),
        new Set([`routes --format ${FORMAT_VERSION} --system`]),
      );
      const again = await stage.handle(["table"], { isolated: true });
      const started = await stage.handle([stage.program], { isolated: true });
      assertEquals([again.status, started.report?.argv.length], [0, 2]);
      assertEquals(Deno.readTextFileSync(log), starts);
    }
  },
});

test({
  name: "handler table says why there is no table",
  needs: ["binfmt_misc"],
  fn: async () => {
    using stage = new Stage();
    const said = async (options: { asUser?: boolean; isolated?: boolean }) => {
      const { status, stderr } = await stage.handle(["table"], options);
      return [status, stderr.replaceAll(stage.directory, "$")];
    };
    const begin = "binfmt-dispatcher: Cannot compile the system route table: ";
    assertEquals(await said({ asUser: true }), [1, `${begin}only root may do that\n`]);
    stage.write("resolver", "#!/bin/sh\nexit 1\n", 0o755);
    assertEquals(await said({ isolated: true }), [
      125,
      `${begin}$/resolver failed\n  To see why: $/resolver routes --system >/dev/null\n`,
    ]);
    Deno.removeSync(stage.path("tables"));
    stage.write("tables", "");
    stage.resolveAfter("");
    assertEquals(await said({ isolated: true }), [
      125,
      `${begin}it cannot be kept in $/tables, or its layers keep changing\n`,
    ]);
  },
});
