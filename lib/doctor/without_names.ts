import type { Result } from "./check.ts";

/** `/home/NAME`, also inside another path. */
const HOMES = /\/home\/(?!linuxbrew\b)[^/\s:,;“”'"]+/g;

/** Removes names of users: home directories become ~ or /home/…. */
export function withoutNames(results: readonly Result[], home: string | undefined): Result[] {
  const clean = (text: string) => {
    // A home of / would match every path.
    const own = home !== undefined && home.length > 1 && home.startsWith("/")
      ? text.replaceAll(home.replace(/\/+$/, ""), "~")
      : text;
    return own.replaceAll(HOMES, "/home/…");
  };
  return results.map(({ findings, ...rest }) => ({
    ...rest,
    findings: findings.map(({ state, seen, details = [], commands = [] }) => ({
      state,
      seen: clean(seen),
      details: details.map(clean),
      commands: commands.map(clean),
    })),
  }));
}
