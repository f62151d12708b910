/** Compiles stand_in_kernel.c, which runs a World if namespaces are refused. */
import { refusal } from "./refusal.ts";
import { ROOT } from "./start.ts";

const SOURCE = `${ROOT}/tasks/stand_in_kernel.c`;
const PROGRAM = `${ROOT}/.cache/stand-in-kernel`;

let traced: boolean | undefined;

/** Does the stand-in run Worlds here? */
export function isTraced(): boolean {
  traced ??= refusal() !== undefined;
  return traced;
}

/** The path of the program, which is compiled if its source changed. */
export function standInKernel(): string {
  if (isNewer(PROGRAM, SOURCE)) return PROGRAM;
  const output = `${PROGRAM}-${Deno.pid}`;
  Deno.mkdirSync(`${ROOT}/.cache`, { recursive: true });
  const args = ["-O2", "-Wall", "-Wextra", "-o", output, SOURCE];
  const { success, stderr } = new Deno.Command("gcc", { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  Deno.renameSync(output, PROGRAM);
  return PROGRAM;
}

function isNewer(made: string, from: string): boolean {
  try {
    return Deno.statSync(made).mtime! > Deno.statSync(from).mtime!;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
