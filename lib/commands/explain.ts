/** `explain PROGRAM`: facts, the same evaluation as the handler's, a report, and that in words. */
import { loadConfig } from "../config/load.ts";
import type { Environment } from "../environment.ts";
import { gather } from "../explain/gather.ts";
import { reportJson } from "../explain/json.ts";
import { makeReport, type Report } from "../explain/report.ts";
import { reportText } from "../explain/text.ts";
import { type Result, success } from "../failure.ts";
import { compileRoutes } from "../routes/compile.ts";
import { evaluate } from "../routes/evaluate.ts";
import { Table } from "../routes/table.ts";
import { style } from "../style.ts";
import type { Outcome } from "./answer.ts";
import type { Explain } from "./arguments.ts";

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
  // With another root the user's layer is not asked: it belongs to this system.
  const effective = loadConfig(environment, { user: environment.root === "" });
  const compiled = compileRoutes(effective);
  if (!compiled.ok) return compiled;
  const table = Table.read(compiled.value.table);
  if (!table.ok) return table;
  const decision = evaluate(table.value, gathered.value.facts);
  if (!decision.ok) return decision;
  const { refused } = compiled.value;
  const found = { gathered: gathered.value, effective, refused, decision: decision.value };
  return success(await makeReport(found, environment));
}
