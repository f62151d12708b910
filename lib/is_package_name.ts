/**
 * A package's name in the configuration. It can have placeholders in braces and end in `?`; `@` is
 * for groups of dnf, `:` for an architecture. It cannot be an option, path, pattern, version or
 * repository, nor one of these:
 *
 * - `name-`: apt-get removes it (apt-get(8), install).
 * - `name.rpm`: dnf, zypper and rpm-ostree use a file in the working directory.
 */
export const WRITTEN_NAME =
  /^@?(?:[A-Za-z0-9]|\{\w+\})(?:[A-Za-z0-9+._:-]|\{\w+\})*(?<!-|\.rpm)\??$/;

/** Is it a package's name, and nothing else, for every package manager? */
export function isPackageName(text: string): boolean {
  return WRITTEN_NAME.test(text) && !/[{?]/.test(text);
}
