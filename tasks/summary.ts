/** The counts of `deno test`. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Parses the last line of `deno test`: “ok | 12 passed (3 steps) | 0 failed | 1 ignored (2s)”. */
export function parseSummary(text: string): Summary | undefined {
  // deno-lint-ignore no-control-regex
  const plain = text.replaceAll(/\x1b\[[0-9;]*m/g, "");
  const line = plain.match(/^(?:ok|FAILED) \| .*$/gm)?.at(-1);
  if (line === undefined) return undefined;
  const count = (what: string) => Number(line.match(`(\\d+) ${what}`)?.[1] ?? 0);
  return { passed: count("passed"), failed: count("failed"), skipped: count("ignored") };
}
