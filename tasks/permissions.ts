/**
 * The flags with which the program runs, from sources, compiled and in tests. What is allowed is in
 * deno.json; docs/permissions.md says why.
 */
import config from "../deno.json" with { type: "json" };

/** A permission set as in deno.json: a list, or true for all of a kind. */
export type PermissionSet = Readonly<Record<string, readonly string[] | boolean>>;

export const PERMISSIONS: PermissionSet = config.permissions.default;

/**
 * The same as options of deno.
 *
 * --no-prompt: what is not allowed is refused, even on a terminal. --no-code-cache: otherwise V8
 * code is read from and written to /tmp/deno-compile-NAME.cache, whoever owns it.
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

/** The same for people: what is allowed, and how many of each. */
export function permissionWords(permissions = PERMISSIONS): string {
  const allowed = Object.entries(permissions).filter(([, each]) => each !== false);
  return allowed.map(([kind, each]) =>
    each === true ? kind : `${kind} (${(each as string[]).length})`
  )
    .join(", ");
}
