/**
 * `write_code DIRECTORY ARGUMENTS…`: runs the program with these arguments, and writes V8's code of
 * all functions that ran into DIRECTORY. V8 compiles others when they are called.
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
