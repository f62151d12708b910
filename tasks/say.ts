// deno-lint-ignore-file no-console
/** Says a line to the person who runs a task. */
export function say(line: string): void {
  console.log(line);
}
