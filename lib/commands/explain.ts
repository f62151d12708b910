/** `explain PROGRAM`: facts, the same evaluation as the handler's, a report, and that in words. */
import type { Environment } from "../environment.ts";
import { decideStart } from "../start/decide_start.ts";
import { gather, type Gathered } from "../start/gather.ts";
import { reportJson } from "../explain/json.ts";
import { makeReport, type Report } from "../explain/report.ts";
import { reportText } from "../explain/text.ts";
import { askHandler } from "../explain/ask_handler.ts";
import { keepChoice } from "../explain/keep.ts";
import { OVERRIDE } from "../handler/decide/override.ts";
import { asTold, executedBy } from "../explain/as_told.ts";
import { type Result, success } from "../failure.ts";
import { style } from "../style.ts";
import type { Outcome } from "./answer.ts";
import type { Explain } from "./command.ts";

export async function explain(command: Explain, environment: Environment): Outcome {
  const report = await reportOn(command.program, environment, command.with);
  if (!report.ok) return report;
  const stdout = command.json
    ? reportJson(report.value)
    : reportText(report.value, style(environment, 1));
  return success({ stdout, status: report.value.outcome.status });
}

/**
 * All that there is to say of a program; a Failure where it cannot be looked at. `picked`: with
 * this interpreter, as BINFMT_DISPATCHER_INTERPRETER picks one.
 */
export async function reportOn(
  program: string,
  environment: Environment,
  picked?: string,
): Promise<Result<Report>> {
  const found = gather(program, environment);
  if (!found.ok) return found;
  const gathered = picked === undefined ? found.value : withPick(found.value, picked);
  const likely = decideStart(gathered.facts, environment, true);
  if (!likely.ok) return likely;
  const paths = [gathered.path, ...executedBy(likely.value.decision)];
  const asked = await askHandler(paths, environment);
  const told = asked.ok ? asked.value : undefined;
  const facts = told === undefined ? gathered.facts : asTold(gathered.facts, told);
  const decided = told === undefined ? likely : decideStart(facts, environment, true);
  if (!decided.ok) return decided;
  const unseen = asked.ok ? undefined : asked.failure.why;
  const explained = { gathered: { ...gathered, facts }, told, unseen, ...decided.value };
  const report = await makeReport(explained, environment);
  if (picked === undefined || report.override?.state !== "taken") return success(report);
  const { config } = decided.value.effective;
  return success({ ...report, keep: keepChoice(gathered.canonical, picked, config, environment) });
}

/** The first variable of a name counts. */
function withPick(gathered: Gathered, picked: string): Gathered {
  const { facts } = gathered;
  const variable = new TextEncoder().encode(`${OVERRIDE}=${picked}`);
  return { ...gathered, facts: { ...facts, env: [variable, ...facts.env] } };
}
