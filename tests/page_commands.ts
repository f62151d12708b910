/** The commands of a page of docs/, for tests that run them. */
import { assert } from "@std/assert";
import { ROOT } from "../tasks/start.ts";

/** The text of docs/NAME. */
export function pageText(name: string): string {
  return Deno.readTextFileSync(`${ROOT}/docs/${name}`);
}

/** The blocks of commands in docs/NAME, by heading. */
export function commandsOf(name: string): (heading: string) => string[] {
  const page = pageText(name);
  return (heading) => {
    const [, rest] = page.split(`## ${heading}\n`);
    assert(rest !== undefined, `docs/${name} has no “${heading}”`);
    const section = rest.split("\n## ")[0]!;
    return [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = ""]) => block);
  };
}
