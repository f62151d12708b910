import { USER_LAYER } from "../../lib/paths.ts";
import * as format from "../../lib/routes/format.ts";
import { capture, ROOT } from "../start.ts";

/** The constants of the table's format for C. */
function formatHeader(): string {
  const lines = [
    `#define MAGIC "${format.MAGIC}"`,
    `#define FORMAT_VERSION ${format.FORMAT_VERSION}`,
    `#define FORMAT_VERSION_TEXT "${format.FORMAT_VERSION}"`,
    `#define MAX_TABLE_SIZE ${format.MAX_TABLE_SIZE}`,
    `#define HEAD_SIZE ${format.HEAD_SIZE}`,
    `#define USER_LAYER "${USER_LAYER}"`,
  ];
  const { HEADER, TABLE_FLAG, SOURCE, KIND, PROBE, STATE, EDGE, RULE, ID, LIST } = format;
  const { CANDIDATE, WHEN, MARKER } = format;
  const records = { HEADER, TABLE_FLAG, SOURCE, KIND, PROBE, STATE, EDGE, RULE, ID, LIST };
  for (const [name, fields] of Object.entries({ ...records, CANDIDATE, WHEN, MARKER })) {
    for (const [field, value] of Object.entries(fields)) {
      lines.push(`#define ${name}_${field} ${value}`);
    }
  }
  return lines.join("\n") + "\n";
}

/** Compiles the handler in C that reads the system table in the folder `tables`. */
export async function buildCHandler(folder: string, name: string, tables: string): Promise<string> {
  await Deno.writeTextFile(`${folder}/format.h`, formatHeader());
  const output = `${folder}/${name}`;
  const freestanding = [
    "-static",
    "-nostdlib",
    "-ffreestanding",
    "-fno-stack-protector",
    "-fno-pie",
  ];
  const { success, text } = await capture([
    ...["gcc", "-O2", "-Wall", "-Wextra", "-Werror", ...freestanding, "-no-pie"],
    ...["-fno-tree-loop-distribute-patterns", `-I${folder}`, `-DTABLES="${tables}"`],
    ...["-o", output, `${ROOT}/tasks/bench/c_handler.c`],
  ]);
  if (!success) throw new Error(`Cannot compile the handler in C: ${text}`);
  return output;
}
