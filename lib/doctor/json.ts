/** Doctor's results as JSON; docs/json.md describes it. */
import type { Result } from "./check.ts";
import { entryOf } from "./ids.ts";

/** Version of this JSON: incremented when a field changes its meaning or is removed. */
const DOCTOR_VERSION = 1;

export function resultsJson(results: readonly Result[]): string {
  const checks = results.map(({ id, state, findings }) => {
    const { what, affects } = entryOf(id);
    return { id, state, what, affects, findings };
  });
  return `${JSON.stringify({ version: DOCTOR_VERSION, checks }, null, 2)}\n`;
}
