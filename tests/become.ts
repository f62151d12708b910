/**
 * Whoever runs the tests, and whatever namespaces the machine allows: a command is started by root,
 * or by somebody who is not. A test needs “a way to be root” or “a way to be a user” for that.
 */
import { PLAIN } from "../tasks/world.ts";
import { ability } from "./abilities.ts";

/** In front of a command: root, and in a namespace of its own nobody has a runtime directory. */
export function isolated(): readonly string[] {
  if (!ability("mounts")) return [];
  return ["unshare", "-Urm", "sh", "-c", 'mount -t tmpfs none /run && exec "$@"', "sh"];
}

/** Whose user ID `asUser` gives. */
export function user(): number {
  return ability("user namespaces") || Deno.uid() === 0 ? 1000 : Deno.uid()!;
}

/** In front of a command for which all below the directory is its user's. */
export function asUser(directory: string): readonly string[] {
  if (ability("user namespaces")) return PLAIN; // in the namespace all files are this user's
  if (Deno.uid() !== 0) return [];
  new Deno.Command("chown", { args: ["-Rh", "1000:1000", directory] }).outputSync();
  return ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--inh-caps=-all"];
}
