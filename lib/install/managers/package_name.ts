/** What stands on a package manager's command line. */
import { isPackageName } from "../../is_package_name.ts";

/** dnf's name for several packages; no query knows it. */
export function isGroup(name: string): boolean {
  return name.startsWith("@");
}

/** The names as arguments. A name that could be mistaken for something else is a caller's bug. */
export function packageArguments(names: readonly string[]): readonly string[] {
  if (names.length === 0) throw new Error("Cannot name packages: there are none");
  const wrong = names.find((name) => !isPackageName(name));
  if (wrong === undefined) return names;
  throw new Error(`Cannot name “${wrong}” to a package manager: it is no package's name`);
}

/** Is this a path that no package manager takes for a pattern or a list? */
export function isPlainPath(path: string): boolean {
  return /^(?:\/[A-Za-z0-9+._-]+)+$/.test(path);
}
