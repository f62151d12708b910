/** Prints for each command whether V8 rejects its compiled code, and damaged code. */
import { Script } from "node:vm";
import { codeFor, COMMANDS, readProgram, SCRIPT } from "../../tasks/compiled/program.ts";

const directory = import.meta.dirname!;
const source = Deno.readTextFileSync(`${directory}/${SCRIPT}`);
const rejected = COMMANDS.map((command) => {
  const whole = readProgram(directory, [command]).cachedDataRejected;
  const code = Deno.readFileSync(`${directory}/${codeFor([command])}`);
  code.fill(0, 0, 16);
  const filename = `damaged-${command}.js`;
  return { whole, damaged: new Script(source, { filename, cachedData: code }).cachedDataRejected };
});
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(rejected)));
