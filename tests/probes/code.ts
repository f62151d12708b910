/** Says whether V8 takes the code that was made for the program's script, and damaged code. */
import { Script } from "node:vm";
import { CODE, readProgram, SCRIPT } from "../../tasks/compiled/program.ts";

const folder = import.meta.dirname!;
const code = Deno.readFileSync(`${folder}/${CODE}`);
const source = Deno.readTextFileSync(`${folder}/${SCRIPT}`);
const whole = readProgram(folder).cachedDataRejected;
code.fill(0, 0, 16);
const damaged = new Script(source, { filename: "damaged.js", cachedData: code }).cachedDataRejected;
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ whole, damaged })));
