import { assertEquals } from "@std/assert";
import { parseSummary } from "../../tasks/summary.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";

function summaryOf(source: string) {
  return inTemporaryDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/sample_test.ts`, source);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-lock", "--no-config", directory],
      env: { FORCE_COLOR: "1" },
      stderr: "null",
    }).output();
    return parseSummary(new TextDecoder().decode(stdout));
  });
}

Deno.test("parseSummary() reads what deno test really prints", async () => {
  const source = `
Deno.test("a", async (t) => { await t.step("s", () => {}); });
Deno.test("b", () => console.log("ok | 7 passed | 7 failed"));
Deno.test("c", () => { throw new Error(); });
Deno.test({ name: "d", ignore: true, fn() {} });`;
  assertEquals(await summaryOf(source), { passed: 2, failed: 1, skipped: 1 });
});

Deno.test("parseSummary() reads a run without failures", async () => {
  assertEquals(await summaryOf(`Deno.test("a", () => {});`), { passed: 1, failed: 0, skipped: 0 });
});

Deno.test("parseSummary() returns undefined if deno test printed no summary", () => {
  assertEquals(parseSummary("error: No such file\n"), undefined);
});
