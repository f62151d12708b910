/** Names on a package manager's command line. */
import { isPackageName } from "../../is_package_name.ts";

/** Is this one of dnf's groups of packages? Queries do not find them. */
export function isGroup(name: string): boolean {
  return name.startsWith("@");
}

/** The names as arguments. Throws if there are none, or one could be taken for something else. */
export function packageArguments(names: readonly string[]): readonly string[] {
  if (names.length === 0) throw new Error("Cannot name packages: there are none");
  const wrong = names.find((name) => !isPackageName(name));
  if (wrong === undefined) return names;
  throw new Error(`Cannot name “${wrong}” to a package manager: it is not a package name`);
}

/** Is this a path that cannot be taken for a pattern or a list? */
export function isPlainPath(path: string): boolean {
  return /^(?:\/[A-Za-z0-9+._-]+)+$/.test(path);
}
