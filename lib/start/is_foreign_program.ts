import { FOREIGN_HEAD, isForeign } from "../elf/is_foreign.ts";
import type { Environment } from "../environment.ts";
import { readScript, SCRIPT_HEAD } from "./script.ts";

/** The kernel follows no more: exec_binprm() in fs/exec.c. */
const MAX_SCRIPTS = 5;

/**
 * Can the file at this path be read, and is it, or what starts it if it is a script, no program of
 * this machine? What cannot be read or followed counts as one: starting it will tell.
 */
export function isForeignProgram(path: string, cwd: string, environment: Environment): boolean {
  let at = path;
  for (let scripts = 0; scripts <= MAX_SCRIPTS; scripts++) {
    const absolute = at.startsWith("/") ? at : `${cwd}/${at}`;
    const head = environment.read(absolute, 0, Math.max(SCRIPT_HEAD, FOREIGN_HEAD));
    if (typeof head === "string") return false;
    const script = readScript(head);
    if (script === undefined) return isForeign(head, environment.machine());
    at = script.interpreter;
  }
  return false;
}
