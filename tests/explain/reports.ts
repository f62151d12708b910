/** The report of a situation. */
import { assert } from "@std/assert";
import { reportOn } from "../../lib/commands/explain.ts";
import type { Report } from "../../lib/explain/report.ts";
import { SITUATIONS } from "./situations.ts";

export async function report(name: string): Promise<Report> {
  const { program, environment } = SITUATIONS[name]!;
  const made = await reportOn(program, environment);
  assert(made.ok);
  return made.value;
}
