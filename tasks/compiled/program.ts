/**
 * The code in the compiled program: main.ts and its imports as one script, and V8's code for it, so
 * that a start does not wait for V8 to compile the script. V8 accepts only code of its own version
 * and flags; otherwise it compiles the script.
 */
import { Script } from "node:vm";

/** Beside the compiled module. */
export const SCRIPT = "program.js";

/** Commands with separate code, since V8 reads all of the code that it gets. */
export const COMMANDS = ["routes", "explain"] as const;

/** The file with V8's code for a command line; other commands share the resolver's. */
export function codeFor(args: readonly string[]): string {
  return `${COMMANDS.findLast((command) => args.includes(command)) ?? "routes"}.code`;
}

/** Reads the script. It is a function, whose argument provides Deno's own modules. */
export function readProgram(directory: string, args: readonly string[]): Script {
  const source = Deno.readTextFileSync(`${directory}/${SCRIPT}`);
  const code = Deno.readFileSync(`${directory}/${codeFor(args)}`);
  return new Script(source, {
    filename: SCRIPT,
    ...(code.length === 0 ? {} : { cachedData: code }),
  });
}
