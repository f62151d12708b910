/** Whose configuration counts: only the effective user's own and root's. */
import type { Environment, FileFacts } from "../environment.ts";

/**
 * Even a private group is not trusted: if a file has an access list, these bits are its mask, and
 * the list can name any user (acl(5)).
 */
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
/** In such a directory only a file's owner can replace it: inode(7), the sticky bit. */
const STICKY = 0o1000;

/**
 * The canonical path of a directory that HOME or XDG_* names. It counts only if the effective user
 * owns it and nobody else can write to it. lib/handler/decide/home.ts does the same natively.
 */
export function ownDirectory(environment: Environment, path: string): string | undefined {
  const real = environment.realPath(path);
  return real === undefined || notOwn(environment, real) ? undefined : real;
}

/** Why it does not count. */
export function notOwn(environment: Environment, path: string): string | undefined {
  const facts = environment.stat(path);
  if (typeof facts === "string") return undefined; // absent or unreadable
  const user = environment.uid();
  if (facts.uid !== user) return `“${path}” belongs to user ${facts.uid}, not to user ${user}`;
  return foreignWriter(path, facts);
}

/**
 * Why somebody else could have written a file or directory; undefined if nobody could, or it is
 * absent.
 */
export function notTrusted(environment: Environment, path: string): string | undefined {
  const facts = environment.stat(path);
  if (typeof facts === "string") return undefined; // absent or unreadable
  return notTrustedFile(path, facts, environment.uid());
}

/** The same for a file whose facts are known. */
export function notTrustedFile(path: string, facts: FileFacts, user: number): string | undefined {
  return foreignOwner(path, facts, user, [user, 0]) ?? foreignWriter(path, facts);
}

/**
 * Why somebody else could replace a directory of a path, or undefined. The path must be canonical:
 * a link could lead elsewhere by the time it is followed. Each directory is judged before those
 * below it, so that nobody can replace one that was judged.
 */
export function notGuarded(environment: Environment, path: string): string | undefined {
  const user = environment.uid();
  const owners = trustedOwners(environment);
  for (let end = 0; end !== -1; end = path.indexOf("/", end + 1)) {
    const directory = end === 0 ? "/" : path.slice(0, end);
    const facts = environment.stat(directory);
    if (typeof facts === "string") return `“${directory}” cannot be accessed`;
    const why = foreignOwner(directory, facts, user, owners) ??
      ((facts.mode & STICKY) === 0 ? foreignWriter(directory, facts) : undefined);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** The effective user, root, and the owner of /usr: a user namespace maps root to overflowuid. */
export function trustedOwners(environment: Environment): readonly number[] {
  const system = environment.stat("/usr");
  return [environment.uid(), 0, ...(typeof system === "string" ? [] : [system.uid])];
}

function foreignOwner(
  path: string,
  { uid }: FileFacts,
  user: number,
  owners: readonly number[],
): string | undefined {
  return owners.includes(uid)
    ? undefined
    : `“${path}” belongs to user ${uid}, not to user ${user} or root`;
}

function foreignWriter(path: string, { mode, gid }: FileFacts): string | undefined {
  if ((mode & OTHERS_WRITE) !== 0) return `every user can write “${path}”`;
  if ((mode & GROUP_WRITES) === 0) return undefined;
  return `group ${gid} can write “${path}” (chmod g-w)`;
}
