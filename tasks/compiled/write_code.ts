/**
 * `write_code FILE ROOT PROGRAM`: does below ROOT what is done most, the resolver's work and an
 * explanation of PROGRAM, and writes V8's code of all that ran to FILE. V8 makes that of the rest
 * when it is needed, as it would without.
 */
import { getBuiltinModule } from "node:process";
import { readProgram } from "./program.ts";

const [file = "", root = "", program = ""] = Deno.args;
const commands = [["--root", root, "routes"], ["--root", root, "explain", program]];
const script = readProgram(import.meta.dirname!);
const { exit } = Deno;

function next(): void {
  const command = commands.shift();
  if (command === undefined) {
    Deno.writeFileSync(file, script.createCachedData());
    return exit(0);
  }
  Deno.args.splice(0, Infinity, ...command);
  script.runInThisContext()(getBuiltinModule);
}

Deno.exit = (status) => {
  if (status !== 0) exit(status);
  return next() as never;
};
next();
