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

/** The comparison of b with a that is the same as this one of a with b. */
export function mirrored(comparison: Comparison): Comparison {
  return MIRRORED[comparison] ?? comparison;
}

/** Is a operator b the same as b operator a? */
export function isCommutative(operator: Operator): boolean {
  return ["+", "*", "&", "|", "^"].includes(operator);
}
