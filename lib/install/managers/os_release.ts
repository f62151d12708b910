/** Which distribution this is: https://www.freedesktop.org/software/systemd/man/os-release.html */
import type { Environment } from "../../environment.ts";

/** Bytes; real ones have some hundred. */
const LIMIT = 64 * 1024;

/** In this order: the first that exists is the only one that counts. */
const FILES = ["/etc/os-release", "/usr/lib/os-release"];

/** ID, then the words of ID_LIKE, closest relatives first; empty where nothing says it. */
export function distributions(environment: Environment): readonly string[] {
  for (const path of FILES) {
    const bytes = environment.read(path, 0, LIMIT);
    if (bytes === "absent") continue;
    if (bytes === "unreadable") return [];
    const fields = parseOsRelease(new TextDecoder().decode(bytes));
    const like = (fields.get("ID_LIKE") ?? "").split(/\s+/);
    return [fields.get("ID") ?? "linux", ...like].filter((word) => word !== "");
  }
  return [];
}

/** Shell assignments without expansion; the last of a name counts, other lines do not. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(/^[ \t]*([A-Za-z_][A-Za-z0-9_]*)=(.*?)[ \t\r]*$/gm);
  return new Map([...lines].map(([, name, value]) => [name!, unquote(value!)]));
}

function unquote(value: string): string {
  if (/^'[^']*'$/.test(value)) return value.slice(1, -1);
  const inner = /^"(.*)"$/.exec(value)?.[1];
  return inner === undefined ? value.replace(/\\(.)/g, "$1") : inner.replace(/\\([$"\\`])/g, "$1");
}
