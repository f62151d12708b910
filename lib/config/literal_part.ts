/** A path with any of these is a pattern, even if it matches itself literally. */
const PATTERN = /[*?[{]/;

export function isPattern(path: string): boolean {
  return PATTERN.test(path);
}

/** What stands before the first pattern character. */
export function literalPrefix(path: string): string {
  const end = path.search(PATTERN);
  return end === -1 ? path : path.slice(0, end);
}

/** Its literal whole names: the path itself, or the directory that a pattern starts with. */
export function literalPart(path: string): string {
  const prefix = literalPrefix(path);
  const isExact = prefix === path && !path.endsWith("/");
  return isExact ? path : prefix.slice(0, Math.max(0, prefix.lastIndexOf("/")));
}
