/** `explain PROGRAM`: facts, the same evaluation as the handler's, a report, and that in words. */
import { loadConfig } from "../config/load.ts";
import type { Environment } from "../environment.ts";
import { gather } from "../explain/gather.ts";
import { reportJson } from "../explain/json.ts";
import { makeReport } from "../explain/report.ts";
import { reportText } from "../explain/text.ts";
import { success } from "../failure.ts";
import { compileRoutes } from "../routes/compile.ts";
import { evaluate } from "../routes/evaluate.ts";
import { Table } from "../routes/table.ts";
import { style } from "../style.ts";
import type { Outcome } from "./answer.ts";
import type { Explain } from "./arguments.ts";

export async function explain(command: Explain, environment: Environment): Outcome {
  const gathered = gather(command.program, environment);
  if (!gathered.ok) return gathered;
  // With another root the user's layer is not asked: it belongs to this system.
  const effective = loadConfig(environment, { user: environment.root === "" });
  const compiled = compileRoutes(effective);
  if (!compiled.ok) return compiled;
  const table = Table.read(compiled.value.table);
  if (!table.ok) return table;
  const decision = evaluate(table.value, gathered.value.facts);
  if (!decision.ok) return decision;
  const report = await makeReport({
    gathered: gathered.value,
    effective,
    refused: compiled.value.refused,
    decision: decision.value,
  }, environment);
  const stdout = command.json ? reportJson(report) : reportText(report, style(environment, 1));
  return success({ stdout, status: report.outcome.status });
}
