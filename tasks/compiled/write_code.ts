/**
 * `write_code FOLDER ARGUMENTS…`: does what the program does with these arguments, and writes V8's
 * code of all that ran into FOLDER. V8 makes that of the rest when it is needed, as it would
 * without.
 */
import { getBuiltinModule } from "node:process";
import { codeFor, readProgram } from "./program.ts";

const [folder = "", ...args] = Deno.args;
const script = readProgram(import.meta.dirname!, args);
const { exit } = Deno;

Deno.exit = (status) => {
  if (status === 0) Deno.writeFileSync(`${folder}/${codeFor(args)}`, script.createCachedData());
  return exit(status);
};
Deno.args.splice(0, Infinity, ...args);
script.runInThisContext()(getBuiltinModule);
