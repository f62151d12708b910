/** A path with any of these characters is a pattern. */
const PATTERN = /[*?[{]/;

export function isPattern(path: string): boolean {
  return PATTERN.test(path);
}

/** The text before the first pattern character. */
export function literalPrefix(path: string): string {
  const end = path.search(PATTERN);
  return end === -1 ? path : path.slice(0, end);
}

/** The path itself, or the directory before the first pattern character. */
export function literalPart(path: string): string {
  const prefix = literalPrefix(path);
  const isExact = prefix === path && !path.endsWith("/");
  return isExact ? path : prefix.slice(0, Math.max(0, prefix.lastIndexOf("/")));
}
