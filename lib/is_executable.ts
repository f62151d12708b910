import type { Environment } from "./environment.ts";

const EXECUTABLE = 0o111;

/** Is there a file that somebody may execute? */
export function isExecutable(path: string, environment: Environment): boolean {
  const facts = environment.stat(path);
  return typeof facts === "object" && facts.kind === "file" && (facts.mode & EXECUTABLE) !== 0;
}
