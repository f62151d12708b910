import { assertEquals } from "@std/assert";
import { parseSummary } from "../../tasks/summary.ts";

async function summaryOf(source: string) {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${directory}/sample_test.ts`, source);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-lock", "--no-config", directory],
      env: { FORCE_COLOR: "1" },
      stderr: "null",
    }).output();
    return parseSummary(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("parseSummary() reads what deno test really prints", async () => {
  const source = `
Deno.test("a", async (t) => { await t.step("s", () => {}); });
Deno.test("b", () => console.log("ok | 7 passed | 7 failed"));
Deno.test("c", () => { throw new Error(); });
Deno.test({ name: "d", ignore: true, fn() {} });`;
  assertEquals(await summaryOf(source), { passed: 2, failed: 1, skipped: 1 });
});

Deno.test("parseSummary() reads a run in which all is well", async () => {
  assertEquals(await summaryOf(`Deno.test("a", () => {});`), { passed: 1, failed: 0, skipped: 0 });
});

Deno.test("parseSummary() finds nothing where deno test did not get so far", () => {
  assertEquals(parseSummary("error: No such file\n"), undefined);
});
