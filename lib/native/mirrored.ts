import type { Comparison, Operator } from "./language.ts";

const MIRRORED: Partial<Record<Comparison, Comparison>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "s<": "s>",
  "s<=": "s>=",
  "s>": "s<",
  "s>=": "s<=",
};

/** What holds of b and a where the comparison holds of a and b. */
export function mirrored(comparison: Comparison): Comparison {
  return MIRRORED[comparison] ?? comparison;
}

/** Is a operator b the same as b operator a? */
export function isCommutative(operator: Operator): boolean {
  return ["+", "*", "&", "|", "^"].includes(operator);
}
