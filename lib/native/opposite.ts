import type { Comparison } from "./language.ts";

const OPPOSITE: Record<Comparison, Comparison> = {
  "==": "!=",
  "!=": "==",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "s<": "s>=",
  "s<=": "s>",
  "s>": "s<=",
  "s>=": "s<",
};

/** What holds exactly where the comparison does not. */
export function opposite(comparison: Comparison): Comparison {
  return OPPOSITE[comparison];
}
