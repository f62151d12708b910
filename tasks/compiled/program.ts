/**
 * The compiled program's own code: main.ts and all that it imports as one script. V8's code for it
 * was made when it was compiled, and is part of it as the script is, so that a start does not wait
 * for V8 to read what it needs. V8 takes code of the same version and flags alone, else it reads
 * the script.
 */
import { Script } from "node:vm";

/** Beside the compiled module. */
export const SCRIPT = "program.js";
export const CODE = "program.code";

/** It is a function that takes what gives it Deno's own modules. */
export function readProgram(folder: string): Script {
  const source = Deno.readTextFileSync(`${folder}/${SCRIPT}`);
  const code = Deno.readFileSync(`${folder}/${CODE}`);
  return new Script(source, {
    filename: SCRIPT,
    ...(code.length === 0 ? {} : { cachedData: code }),
  });
}
