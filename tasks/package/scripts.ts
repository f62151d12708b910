import { ROOT } from "../start.ts";

export const SCRIPTS = ["after-install", "before-remove", "after-remove"] as const;

/** A package's script, with what is enabled at a first installation filled in. */
export function packageScript(name: typeof SCRIPTS[number], enabled: string): string {
  const text = (file: string) => Deno.readTextFileSync(`${ROOT}/packaging/scripts/${file}`);
  return text("common") + text(name).replaceAll("@ENABLED@", enabled);
}
