/** Which strings a package manager can only take for a package's name. */

/**
 * No option, path, pattern, version or repository, and none of these:
 *
 * - `name-`: apt-get removes it (apt-get(8), install).
 * - `name.rpm`: dnf, zypper and rpm-ostree take a file of the working directory.
 *
 * `@name` is a group of dnf's. Letters are ASCII; `:` stands before an architecture.
 */
export function isPackageName(text: string): boolean {
  return /^@?[A-Za-z0-9][A-Za-z0-9+._:-]*$/.test(text) && !/(?:-|\.rpm)$/.test(text);
}

/** dnf's name for several packages; no query knows it. */
export function isGroup(name: string): boolean {
  return name.startsWith("@");
}

/** The names as arguments: one that could be taken for something else is a bug of the caller. */
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
