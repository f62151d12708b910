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

/** The comparison that holds if and only if this one does not. */
export function opposite(comparison: Comparison): Comparison {
  return OPPOSITE[comparison];
}
