/** The order of rules: the first that matches is chosen. */
import { compareText } from "../compare_text.ts";
import type { Rule } from "./config.ts";
import { isPattern, literalPrefix } from "./literal_part.ts";

const encoder = new TextEncoder();

interface Ranked {
  readonly rule: Rule;
  readonly exact: boolean;
  /** Bytes before the first pattern character. */
  readonly prefix: number;
}

function ranked(rule: Rule): Ranked {
  const exact = !isPattern(rule.path) && !rule.path.endsWith("/");
  return { rule, exact, prefix: encoder.encode(literalPrefix(rule.path)).length };
}

/** Highest layer; exact path before pattern; longest literal prefix; ID; path. */
export function sortRules(rules: readonly Rule[]): Rule[] {
  return rules.map(ranked).sort((a, b) =>
    b.rule.layer - a.rule.layer ||
    Number(b.exact) - Number(a.exact) ||
    b.prefix - a.prefix ||
    compareText(a.rule.id, b.rule.id) ||
    compareText(a.rule.path, b.rule.path)
  ).map(({ rule }) => rule);
}
