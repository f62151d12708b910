/**
 * The compiled program's own code: main.ts and all that it imports as one script. V8's code for it
 * was made when it was compiled, and is part of it as the script is, so that a start does not wait
 * for V8 to read what it needs. V8 takes code of the same version and flags alone, else it reads
 * the script.
 */
import { Script } from "node:vm";

/** Beside the compiled module. */
export const SCRIPT = "program.js";

/** Commands with code of their own: V8 reads all of the code that it is given. */
export const COMMANDS = ["routes", "explain"] as const;

/** The file with V8's code for a command line; other commands share the resolver's. */
export function codeFor(args: readonly string[]): string {
  return `${COMMANDS.findLast((command) => args.includes(command)) ?? "routes"}.code`;
}

/** The script is a function; its argument gives it Deno's own modules. */
export function readProgram(directory: string, args: readonly string[]): Script {
  const source = Deno.readTextFileSync(`${directory}/${SCRIPT}`);
  const code = Deno.readFileSync(`${directory}/${codeFor(args)}`);
  return new Script(source, {
    filename: SCRIPT,
    ...(code.length === 0 ? {} : { cachedData: code }),
  });
}
