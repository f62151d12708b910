/**
 * A package's name as the configuration writes it: words in braces stand for letters, and a `?` may
 * follow. It is no option, path, pattern, version or repository, and none of these:
 *
 * - `name-`: apt-get removes it (apt-get(8), install).
 * - `name.rpm`: dnf, zypper and rpm-ostree take a file of the working directory.
 *
 * `@name` is a group of dnf's. Letters are ASCII; `:` stands before an architecture.
 */
export const WRITTEN_NAME =
  /^@?(?:[A-Za-z0-9]|\{\w+\})(?:[A-Za-z0-9+._:-]|\{\w+\})*(?<!-|\.rpm)\??$/;

/** Can every package manager only take this for a package's name? */
export function isPackageName(text: string): boolean {
  return WRITTEN_NAME.test(text) && !/[{?]/.test(text);
}
