import { ROOT } from "./start.ts";

/** A test file itself, or all below a directory, by their paths from the project's root. */
export function findTests(path: string): string[] {
  const whole = `${ROOT}/${path}`;
  if (!Deno.statSync(whole).isDirectory) return [path];
  return [...Deno.readDirSync(whole)]
    .filter(({ name, isDirectory }) => isDirectory || name.endsWith("_test.ts"))
    .map(({ name }) => `${path.replace(/\/$/, "")}/${name}`)
    .sort()
    .flatMap(findTests);
}
