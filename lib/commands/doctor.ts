import type { Environment } from "../environment.ts";
import { Gatherer } from "../doctor/gather.ts";
import { resultsJson } from "../doctor/json.ts";
import { runChecks } from "../doctor/run_checks.ts";
import { listText, resultsText } from "../doctor/text.ts";
import { withoutNames } from "../doctor/without_names.ts";
import { success } from "../failure.ts";
import { style } from "../style.ts";
import type { Outcome } from "./answer.ts";
import type { Doctor } from "./command.ts";
import { startMachine } from "./vm_start.ts";

/** `doctor`: checks everything that running foreign programs depends on. */
export async function doctor({ checks, list, json }: Doctor, environment: Environment): Outcome {
  if (list) return success({ stdout: listText() });
  const gatherer = new Gatherer(environment, startMachine);
  const found = await runChecks(checks, (key) => gatherer.get(key));
  const results = withoutNames(found, environment.variable("HOME"));
  const stdout = json ? resultsJson(results) : resultsText(results, style(environment, 1));
  return success({ stdout, status: results.some(({ state }) => state === "bad") ? 1 : 0 });
}
