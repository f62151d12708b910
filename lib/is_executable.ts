import type { Environment } from "./environment.ts";
import type { Failure } from "./failure.ts";
import { shellQuote } from "./shell_quote.ts";

const EXECUTABLE = 0o111;

/** Is it a file with an execute bit? */
export function isExecutable(path: string, environment: Environment): boolean {
  const facts = environment.stat(path);
  return typeof facts === "object" && facts.kind === "file" && (facts.mode & EXECUTABLE) !== 0;
}

/** The reason and hint for a file that is not executable. */
export function notExecutable(path: string): Pick<Failure, "why"> & { readonly hint: string } {
  return {
    why: "it is not marked as executable",
    hint: `Make it executable: chmod +x ${shellQuote(path)}`,
  };
}
