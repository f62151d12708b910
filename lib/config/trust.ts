/** Whose configuration counts: only the effective user's own and root's. */
import type { Environment } from "../environment.ts";

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/**
 * Why a file or folder could have been written by somebody else, or undefined if it could not, or
 * is absent.
 */
export function notTrusted(environment: Environment, path: string): string | undefined {
  const facts = environment.stat(path);
  if (typeof facts === "string") return undefined; // absent or unreadable
  const user = environment.uid();
  if (facts.uid !== user && facts.uid !== 0) {
    return `“${path}” belongs to user ${facts.uid}, not to user ${user} or root`;
  }
  if ((facts.mode & OTHERS_WRITE) !== 0) return `every user can write “${path}”`;
  // With umask 002 and a group for each user, as Debian and Ubuntu have them, the group is the
  // user's own.
  if ((facts.mode & GROUP_WRITES) !== 0 && facts.gid !== facts.uid) {
    return `group ${facts.gid} can write “${path}”`;
  }
  return undefined;
}
