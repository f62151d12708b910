import type { Result } from "./check.ts";

/** `/home/NAME`, also where homes stand elsewhere. */
const HOMES = /\/home\/(?!linuxbrew\b)[^/\s:,;“”'"]+/g;

/** The same text without the user's identity: home directories lose their names. */
export function withoutNames(results: readonly Result[], home: string | undefined): Result[] {
  const clean = (text: string) => {
    // The homes / and /root identify nobody.
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
