import { assert, assertEquals } from "@std/assert";
import { compileProgram, PROGRAM } from "../../tasks/compile.ts";
import { COMMANDS } from "../../tasks/compiled/program.ts";
import { permissionFlags } from "../../tasks/permissions.ts";
import { capture, ROOT } from "../../tasks/start.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { test } from "../abilities.ts";

test({
  name: "the compiled program is under 100 MB and contains no package that only tests use",
  needs: ["compiled"],
  fn() {
    const bytes = Deno.readFileSync(PROGRAM);
    assert(bytes.length < 100e6, `${bytes.length} bytes`);
    const text = new TextDecoder("latin1").decode(bytes.subarray(-8_000_000));
    assert(text.includes("Invalid TOML document"), "the packages are elsewhere");
    // What fast-check and ajv bring along.
    for (const name of ["pure-rand", "fast-uri"]) assert(!text.includes(name), name);
  },
});

test({
  name: "V8 accepts the compiled program's code and rejects damaged code",
  needs: ["compiled"],
  async fn() {
    await inTemporaryDirectory(async (directory) => {
      const probe = `${directory}/probe`;
      const source = `${ROOT}/tests/probes/code.ts`;
      const { success, text } = await compileProgram(probe, permissionFlags(), source);
      assert(success, text);
      const said = await capture([probe]);
      const expected = COMMANDS.map(() => ({ whole: false, damaged: true }));
      assertEquals(JSON.parse(said.text), expected);
    });
  },
});
