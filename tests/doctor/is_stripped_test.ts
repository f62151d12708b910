import { assertEquals } from "@std/assert";
import { isStripped } from "../../lib/doctor/is_stripped.ts";
import { RealEnvironment } from "../../lib/real_environment.ts";
import { PROGRAM } from "../../tasks/compile.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { test } from "../abilities.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { outputOf } from "../output_of.ts";

test({
  name: "isStripped() recognises a program that strip has changed",
  needs: ["compiled", "binutils"],
  fn: () =>
    inTemporaryDirectory(async (directory) => {
      const stripped = `${directory}/stripped`;
      await outputOf(["strip", "-o", stripped, PROGRAM]);
      const environment = new RealEnvironment("");
      assertEquals(isStripped(PROGRAM, environment), false);
      assertEquals(isStripped(stripped, environment), true);
    }),
});

Deno.test("isStripped() is false for scripts, directories and missing files", () => {
  const environment = new FakeEnvironment({
    files: { "/a/script": "#!/bin/sh\n", "/a/empty": "" },
  });
  for (const path of ["/a/script", "/a/empty", "/a", "/none"]) {
    assertEquals(isStripped(path, environment), false, path);
  }
});
