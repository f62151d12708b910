/** The report of a situation. */
import { assert } from "@std/assert";
import { reportOn } from "../../lib/commands/explain.ts";
import type { Report } from "../../lib/explain/report.ts";
import { SITUATIONS } from "./situations.ts";

export function report(name: string): Report {
  const { program, environment } = SITUATIONS[name]!;
  const made = reportOn(program, environment);
  assert(made.ok);
  return made.value;
}
