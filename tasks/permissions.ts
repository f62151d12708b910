/**
 * The program's permissions, from sources, compiled and in tests. deno.json has them, and
 * docs/permissions.md says why.
 */
import config from "../deno.json" with { type: "json" };

/** A permission set in deno.json: kind → allowed values, or true for all. */
export type PermissionSet = Readonly<Record<string, readonly string[] | boolean>>;

export const PERMISSIONS: PermissionSet = config.permissions.default;

/**
 * The options of Deno for these permissions.
 *
 * --no-prompt: Deno refuses other access, even on a terminal. --no-code-cache: otherwise Deno reads
 * and writes V8's code in /tmp/deno-compile-NAME.cache, whoever owns it.
 */
export function permissionFlags(permissions = PERMISSIONS): string[] {
  const flags = ["--no-prompt", "--no-code-cache"];
  for (const [kind, allowed] of Object.entries(permissions)) {
    if (allowed === true) flags.push(`--allow-${kind}`);
    else if (allowed !== false && allowed.length > 0) {
      flags.push(`--allow-${kind}=${allowed.join()}`);
    }
  }
  return flags;
}

/** The permissions in words: the kinds, and how many values of each. */
export function permissionWords(permissions = PERMISSIONS): string {
  const allowed = Object.entries(permissions).filter(([, each]) => each !== false);
  return allowed.map(([kind, each]) =>
    each === true ? kind : `${kind} (${(each as string[]).length})`
  )
    .join(", ");
}
