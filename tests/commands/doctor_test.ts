import { assert, assertEquals } from "@std/assert";
import type { Answer } from "../../lib/commands/answer.ts";
import { doctor } from "../../lib/commands/doctor.ts";
import type { Result } from "../../lib/doctor/check.ts";
import { CHECK_IDS, entryOf } from "../../lib/doctor/ids.ts";
import { SYSTEMS } from "../doctor/systems.ts";
import { assertGolden } from "./golden.ts";

const DIRECTORY = new URL("../testdata/doctor/", import.meta.url);

async function ask(name: string, checks: readonly string[] = [], json = false): Promise<Answer> {
  const outcome = await doctor({ kind: "doctor", checks, list: false, json }, SYSTEMS[name]!);
  assert(outcome.ok);
  return outcome.value;
}

async function askJson(name: string, checks: readonly string[] = []) {
  const json = JSON.parse(String((await ask(name, checks, true)).stdout));
  return json as { readonly version: number; readonly checks: readonly Result[] };
}

for (const name of Object.keys(SYSTEMS)) {
  Deno.test(`doctor prints testdata/doctor/${name}.txt`, async () => {
    const { stdout, status } = await ask(name);
    assertGolden(new URL(`${name}.txt`, DIRECTORY), `${stdout}[status ${status}]\n`);
  });

  Deno.test(`doctor --json reports the same, and every check once: ${name}`, async () => {
    const { version, checks } = await askJson(name);
    const text = String((await ask(name)).stdout);
    assertEquals(version, 1);
    assertEquals(checks.map(({ id }) => id), CHECK_IDS.filter((id) => !entryOf(id).named));
    for (const { id, state, findings } of checks) {
      assert(findings.length > 0, id);
      assert(findings.some((finding) => finding.state === state), id);
      for (const { seen } of findings) {
        assert(!seen.startsWith("this check failed"), `${id}: ${seen}`);
        assert(text.includes(seen), `${id}: ${seen}`);
      }
    }
    const status = checks.some(({ state }) => state === "bad") ? 1 : 0;
    assertEquals([(await ask(name)).status, (await ask(name, [], true)).status], [status, status]);
  });
}

Deno.test("every file in testdata/doctor belongs to a test", () => {
  const files = [...Deno.readDirSync(DIRECTORY)].map(({ name }) => name);
  assertEquals(files.sort(), Object.keys(SYSTEMS).map((name) => `${name}.txt`).sort());
});

Deno.test("doctor does not reveal the user's name", async () => {
  for (const name of Object.keys(SYSTEMS)) {
    const text = String((await ask(name)).stdout);
    assert(!text.includes("kunigunde"), text);
  }
});

Deno.test("doctor runs the named checks in the order of the list", async () => {
  const { checks } = await askJson("all-is-wrong", ["start", "kernel"]);
  assertEquals(checks.map(({ id }) => id), ["kernel", "start"]);
});

Deno.test("doctor --list names every check, including those that change something", async () => {
  const list = { kind: "doctor", checks: [], list: true, json: false } as const;
  const outcome = await doctor(list, SYSTEMS["all-is-well"]!);
  assert(outcome.ok);
  const ids = String(outcome.value.stdout).trimEnd().split("\n").map((line) => line.split(" ")[0]);
  assertEquals(ids, CHECK_IDS);
});
