import { assertEquals } from "@std/assert";
import { ALL_CHECKS } from "../../lib/doctor/all_checks.ts";
import { bad, check, good, unknown, warning } from "../../lib/doctor/check.ts";
import { CHECK_IDS, entryOf } from "../../lib/doctor/ids.ts";
import { runChecks } from "../../lib/doctor/run_checks.ts";

const nothing = () => Promise.reject(new Error("nothing is to be asked"));

/** All checks, without facts and with these findings. */
function finding(findings: readonly ReturnType<typeof good>[]) {
  const all = CHECK_IDS.map((id) => [id, check([], () => findings)]);
  return Object.fromEntries(all) as unknown as typeof ALL_CHECKS;
}

Deno.test("runChecks() runs all checks except those that must be named", async () => {
  const results = await runChecks([], nothing, finding([good("x")]));
  assertEquals(results.map(({ id }) => id), CHECK_IDS.filter((id) => !entryOf(id).named));
  const named = await runChecks(["muvm-start", "kernel"], nothing, finding([good("x")]));
  assertEquals(named.map(({ id }) => id), ["kernel", "muvm-start"]);
});

Deno.test("a check is as bad as its worst finding", async () => {
  const state = async (...findings: ReturnType<typeof good>[]) =>
    (await runChecks(["kernel"], nothing, finding(findings)))[0]?.state;
  assertEquals(await state(good("")), "good");
  assertEquals(await state(good(""), unknown("")), "unknown");
  assertEquals(await state(unknown(""), warning(""), good("")), "warning");
  assertEquals(await state(warning(""), bad(""), unknown("")), "bad");
});

Deno.test("a check that throws, or lacks its facts, has the state unknown", async () => {
  const throws = check([], () => {
    throw new Error("a bug");
  });
  const checks = { ...finding([good("x")]), kernel: throws, pages: ALL_CHECKS.pages };
  const results = await runChecks(["kernel", "pages", "tables"], nothing, checks);
  assertEquals(results.map(({ id, findings }) => [id, findings[0]]), [
    ["kernel", { state: "unknown", seen: "this check failed: a bug" }],
    ["pages", { state: "unknown", seen: "this check failed: nothing is to be asked" }],
    ["tables", good("x")],
  ]);
});
