/** The distribution: https://www.freedesktop.org/software/systemd/man/os-release.html */
import type { Environment } from "../../environment.ts";

/** Bytes; real files have a few hundred. */
const LIMIT = 64 * 1024;

/** Only the first that exists is read. */
const FILES = ["/etc/os-release", "/usr/lib/os-release"];

/** ID, then the words of ID_LIKE, closest relatives first; empty if unknown. */
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

/** Parses shell assignments without expansion. The last one of a name counts. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(/^[ \t]*([A-Za-z_][A-Za-z0-9_]*)=(.*?)[ \t\r]*$/gm);
  return new Map([...lines].map(([, name, value]) => [name!, unquote(value!)]));
}

function unquote(value: string): string {
  if (/^'[^']*'$/.test(value)) return value.slice(1, -1);
  const inner = /^"(.*)"$/.exec(value)?.[1];
  return inner === undefined ? value.replace(/\\(.)/g, "$1") : inner.replace(/\\([$"\\`])/g, "$1");
}
