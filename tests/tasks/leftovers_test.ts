import { assert, assertEquals } from "@std/assert";
import { leftovers, snapshot } from "../../tasks/leftovers.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";

Deno.test("leftovers() finds new files and processes", () =>
  inTemporaryDirectory(async (directory) => {
    const before = snapshot();
    assertEquals(leftovers(before, directory), []);
    await Deno.writeTextFile(`${directory}/file`, "");
    const child = new Deno.Command("sh", {
      args: ["-c", "echo up; read -r _"],
      env: { TMPDIR: directory },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    try {
      // Until it speaks, /proc may not show its environment yet.
      for await (const _ of child.stdout) break;
      const found = leftovers(before, directory);
      assert(found.includes(`${directory}/file`), found.join());
      assert(found.includes(`process ${child.pid}: sh`), found.join());
    } finally {
      await child.stdin.close();
      await child.status;
    }
    await Deno.remove(`${directory}/file`);
    assertEquals(leftovers(before, directory), []);
  }));
