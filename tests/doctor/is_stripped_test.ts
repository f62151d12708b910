import { assertEquals } from "@std/assert";
import { isStripped } from "../../lib/doctor/is_stripped.ts";
import { RealEnvironment } from "../../lib/real_environment.ts";
import { PROGRAM } from "../../tasks/compile.ts";
import { test } from "../abilities.ts";
import { FakeEnvironment } from "../fake_environment.ts";

test({
  name: "isStripped() recognises what strip has changed, and nothing else",
  needs: ["compiled", "binutils"],
  fn: async () => {
    const directory = await Deno.makeTempDir();
    try {
      const stripped = `${directory}/stripped`;
      await new Deno.Command("strip", { args: ["-o", stripped, PROGRAM] }).output();
      const environment = new RealEnvironment("");
      assertEquals(isStripped(PROGRAM, environment), false);
      assertEquals(isStripped(stripped, environment), true);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});

Deno.test("isStripped() is false for scripts, directories and missing files", () => {
  const environment = new FakeEnvironment({
    files: { "/a/script": "#!/bin/sh\n", "/a/empty": "" },
  });
  for (const path of ["/a/script", "/a/empty", "/a", "/none"]) {
    assertEquals(isStripped(path, environment), false, path);
  }
});
