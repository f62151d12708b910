import { ROOT } from "../../tasks/start.ts";

/** The first column of the first table in docs/transparency.md. */
export function transparencyRows(): string[] {
  const page = Deno.readTextFileSync(`${ROOT}/docs/transparency.md`);
  const start = page.indexOf("\n| -");
  const table = page.slice(start, page.indexOf("\n\n", start));
  return [...table.matchAll(/^\| ([^|-]+?) +\|/gm)].map(([, name]) => name!);
}
