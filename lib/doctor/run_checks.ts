import { ALL_CHECKS } from "./all_checks.ts";
import type { Check, Finding, Result, State } from "./check.ts";
import type { Facts } from "./facts.ts";
import { CHECK_IDS, type CheckId, entryOf } from "./ids.ts";

/** Worst first. */
export const STATES: readonly State[] = ["bad", "warning", "unknown", "good"];

type Get = <Key extends keyof Facts>(key: Key) => Promise<Facts[Key]>;

/** Runs these checks, in the order of the list; without IDs, all but those that must be named. */
export async function runChecks(
  ids: readonly string[],
  get: Get,
  checks: Readonly<Record<CheckId, Check>> = ALL_CHECKS,
): Promise<Result[]> {
  const chosen = CHECK_IDS.filter((id) =>
    ids.length === 0 ? entryOf(id).named !== true : ids.includes(id)
  );
  const results: Result[] = [];
  for (const id of chosen) {
    const findings = await findingsOf(checks[id], get);
    results.push({ id, state: worst(findings), findings });
  }
  return results;
}

/** A check that throws is a bug, but no reason to hide the results of the others. */
async function findingsOf({ needs, judge }: Check, get: Get): Promise<readonly Finding[]> {
  try {
    const facts = await Promise.all(needs.map(async (key) => [key, await get(key)] as const));
    return judge(Object.fromEntries(facts) as unknown as Facts);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ state: "unknown", seen: `this check failed: ${why}` }];
  }
}

function worst(findings: readonly Finding[]): State {
  return STATES.find((state) => findings.some((each) => each.state === state)) ?? "unknown";
}
