/**
 * `write_code DIRECTORY ARGUMENTS…`: does what the program does with these arguments, and writes
 * V8's code of all that ran into DIRECTORY. V8 compiles the rest when it is needed.
 */
import { getBuiltinModule } from "node:process";
import { codeFor, readProgram } from "./program.ts";

const [directory = "", ...args] = Deno.args;
const script = readProgram(import.meta.dirname!, args);
const { exit } = Deno;

Deno.exit = (status) => {
  if (status === 0) Deno.writeFileSync(`${directory}/${codeFor(args)}`, script.createCachedData());
  return exit(status);
};
Deno.args.splice(0, Infinity, ...args);
script.runInThisContext()(getBuiltinModule);
