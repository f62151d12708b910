/** MAXSYMLINKS in the kernel's linux/namei.h. */
const MAX_LINKS = 40;

/**
 * Follows the links in an absolute path: path_resolution(7). `readLink` returns the target of a
 * path without links, undefined if it is not a link. Undefined for more than MAX_LINKS links, as in
 * a loop.
 */
export function followLinks(
  path: string,
  readLink: (path: string) => string | undefined,
  followLast = true,
): string | undefined {
  const left = path.split("/").reverse();
  const done: string[] = [];
  for (let links = 0; left.length > 0;) {
    const name = left.pop()!;
    if (name === "" || name === ".") continue;
    if (name === "..") {
      done.pop();
      continue;
    }
    done.push(name);
    if (left.length === 0 && !followLast) break;
    const target = readLink(`/${done.join("/")}`);
    if (target === undefined) continue;
    links++;
    if (links > MAX_LINKS) return undefined;
    if (target.startsWith("/")) done.length = 0;
    else done.pop();
    left.push(...target.split("/").reverse());
  }
  return `/${done.join("/")}`;
}
