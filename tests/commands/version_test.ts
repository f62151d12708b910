import { assertEquals } from "@std/assert";
import { version } from "../../lib/commands/version.ts";

Deno.test("version() prints the version in deno.json", async () => {
  const url = new URL("../../deno.json", import.meta.url);
  const { version: wanted } = JSON.parse(await Deno.readTextFile(url));
  const value = { stdout: `binfmt-dispatcher ${wanted}\n` };
  assertEquals(await version(), { ok: true, value });
});
