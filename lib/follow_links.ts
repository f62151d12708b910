/** As the kernel's MAXSYMLINKS. */
const MAX_LINKS = 40;

/**
 * An absolute path with its links followed, as path_resolution(7) has it. `readLink` says where the
 * link at a path without links leads, undefined for what is none. Undefined where there are more
 * than 40 of them, as in a circle.
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
