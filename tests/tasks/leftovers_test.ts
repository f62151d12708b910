import { assert, assertEquals } from "@std/assert";
import { leftovers, snapshot } from "../../tasks/leftovers.ts";

Deno.test("leftovers() finds files and processes, and nothing where there is nothing", async () => {
  const folder = await Deno.makeTempDir();
  const before = snapshot();
  try {
    assertEquals(leftovers(before, folder), []);
    await Deno.writeTextFile(`${folder}/file`, "");
    const child = new Deno.Command("sleep", { args: ["60"], env: { TMPDIR: folder } }).spawn();
    try {
      const found = leftovers(before, folder);
      assert(found.includes(`${folder}/file`), found.join());
      assert(found.includes(`process ${child.pid}: sleep`), found.join());
    } finally {
      child.kill();
      await child.status;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  assertEquals(leftovers(before, folder), []);
});
