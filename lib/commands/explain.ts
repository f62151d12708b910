/** `explain PROGRAM`: facts, the same evaluation as the handler's, a report, and that in words. */
import type { Environment } from "../environment.ts";
import { decideStart } from "../start/decide_start.ts";
import { gather } from "../start/gather.ts";
import { reportJson } from "../explain/json.ts";
import { makeReport, type Report } from "../explain/report.ts";
import { reportText } from "../explain/text.ts";
import { askHandler } from "../explain/ask_handler.ts";
import { asTold, executedBy } from "../explain/as_told.ts";
import { type Result, success } from "../failure.ts";
import { style } from "../style.ts";
import type { Outcome } from "./answer.ts";
import type { Explain } from "./command.ts";

export async function explain(command: Explain, environment: Environment): Outcome {
  const report = await reportOn(command.program, environment);
  if (!report.ok) return report;
  const stdout = command.json
    ? reportJson(report.value)
    : reportText(report.value, style(environment, 1));
  return success({ stdout, status: report.value.outcome.status });
}

/** All that there is to say of a program; a Failure where it cannot be looked at. */
export async function reportOn(
  program: string,
  environment: Environment,
): Promise<Result<Report>> {
  const gathered = gather(program, environment);
  if (!gathered.ok) return gathered;
  const likely = decideStart(gathered.value.facts, environment, true);
  if (!likely.ok) return likely;
  const paths = [gathered.value.path, ...executedBy(likely.value.decision)];
  const asked = await askHandler(paths, environment);
  const told = asked.ok ? asked.value : undefined;
  const facts = told === undefined ? gathered.value.facts : asTold(gathered.value.facts, told);
  const decided = told === undefined ? likely : decideStart(facts, environment, true);
  if (!decided.ok) return decided;
  const unseen = asked.ok ? undefined : asked.failure.why;
  const found = { gathered: { ...gathered.value, facts }, told, unseen, ...decided.value };
  return success(await makeReport(found, environment));
}
