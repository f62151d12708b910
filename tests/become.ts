/**
 * Prefixes that start a command as root or as another user, by the namespaces that the machine
 * allows. A test needs “a way to be root” or “a way to be a user” for them.
 */
import { PLAIN } from "../tasks/world.ts";
import { ability } from "./abilities.ts";

/** Prefix of a command that starts it as root, without runtime directories if it can mount. */
export function isolated(): readonly string[] {
  if (!ability("mounts")) return [];
  return ["unshare", "-Urm", "sh", "-c", 'mount -t tmpfs none /run && exec "$@"', "sh"];
}

/** The user ID that a command with the prefix `asUser()` has. */
export function user(): number {
  return ability("user namespaces") || Deno.uid() === 0 ? 1000 : Deno.uid()!;
}

/** Prefix of a command that starts it as a user who owns everything below the directory. */
export function asUser(directory: string): readonly string[] {
  if (ability("user namespaces")) return PLAIN; // in the namespace all files are this user's
  if (Deno.uid() !== 0) return [];
  new Deno.Command("chown", { args: ["-Rh", "1000:1000", directory] }).outputSync();
  return ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--inh-caps=-all"];
}
