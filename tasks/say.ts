// deno-lint-ignore-file no-console
/** Prints a line for the person who runs a task. */
export function say(line: string): void {
  console.log(line);
}
