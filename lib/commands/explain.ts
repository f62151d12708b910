/** `explain PROGRAM`: gathers facts, decides as the handler does, and prints a report. */
import type { Environment } from "../environment.ts";
import { loadConfig } from "../config/load.ts";
import { gather, type Gathered } from "../start/gather.ts";
import { reportJson } from "../explain/json.ts";
import { makeReport, type Report } from "../explain/report.ts";
import { reportText } from "../explain/text.ts";
import { keepChoice } from "../explain/keep.ts";
import { OVERRIDE } from "../handler/decide/override.ts";
import { decideProgram } from "../explain/decide_program.ts";
import { type Result, success } from "../failure.ts";
import { style } from "../style.ts";
import type { Answer, Outcome } from "./answer.ts";
import type { Explain } from "./command.ts";

export function explain(command: Explain, environment: Environment): Outcome {
  return Promise.resolve(explained(command, environment));
}

function explained(command: Explain, environment: Environment): Result<Answer> {
  const report = reportOn(command.program, environment, command.with);
  if (!report.ok) return report;
  const stdout = command.json
    ? reportJson(report.value)
    : reportText(report.value, style(environment, 1));
  return success({ stdout, status: report.value.outcome.status });
}

/**
 * The report on a program; a Failure if it cannot be read. `picked`: the interpreter to use, like
 * BINFMT_DISPATCHER_INTERPRETER.
 */
export function reportOn(
  program: string,
  environment: Environment,
  picked?: string,
): Result<Report> {
  const found = gather(program, environment);
  if (!found.ok) return found;
  const gathered = picked === undefined ? found.value : withPick(found.value, picked);
  const effective = loadConfig(environment, { user: true });
  const decided = decideProgram(gathered, effective, environment);
  if (!decided.ok) return decided;
  const report = makeReport({ ...decided.value, effective }, environment);
  if (picked === undefined || report.override?.state !== "taken") return success(report);
  const { config } = effective;
  return success({ ...report, keep: keepChoice(gathered.canonical, picked, config, environment) });
}

/** If a variable is set twice, the first one counts. */
function withPick(gathered: Gathered, picked: string): Gathered {
  const { facts } = gathered;
  const variable = new TextEncoder().encode(`${OVERRIDE}=${picked}`);
  return { ...gathered, facts: { ...facts, env: [variable, ...facts.env] } };
}
