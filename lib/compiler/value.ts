/** Values at compile time. */
import type { Operand } from "../native/language.ts";
import type { Kind } from "./kind.ts";

/** The lowest and highest possible number. */
export type Range = readonly [low: number, high: number];

/** The value of a name in a function; the same object for the same variable. */
export interface Binding {
  readonly value: Value;
  /** Does it never change? */
  readonly isFixed: boolean;
}

export interface Value {
  readonly kind: Kind;
  readonly words: readonly Operand[];
  /** The range of a number. */
  readonly range?: Range;
  /** A number that is a valid index of the bytes of this binding. */
  readonly within?: Binding;
  /** Can the next call change it? */
  readonly isVolatile?: boolean;
}

const SAFE = Number.MAX_SAFE_INTEGER;
export const ANY: Range = [-SAFE, SAFE];
export const BYTE: Range = [0, 255];
export const INT32: Range = [-(2 ** 31), 2 ** 31 - 1];
export const UINT32: Range = [0, 2 ** 32 - 1];
/** The length of bytes: more does not fit into memory. */
export const LENGTH: Range = [0, 2 ** 47];

export const NOTHING: Value = { kind: "nothing", words: [] };
export const NEVER: Value = { kind: "never", words: [] };

export function isSafe([low, high]: Range): boolean {
  return low >= -SAFE && high <= SAFE;
}

export function isWithin([low, high]: Range, [least, most]: Range): boolean {
  return low >= least && high <= most;
}

export function union(ranges: readonly Range[]): Range {
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}

export function rangeOf({ words: [word], range }: Value): Range {
  return typeof word === "number" ? [word, word] : range ?? ANY;
}

export function numberValue(word: Operand, range: Range = ANY): Value {
  return { kind: "number", words: [word], range };
}

/** The constant number that the value is, if it is one. */
export function knownNumber({ kind, words: [word] }: Value): number | undefined {
  return kind === "number" && typeof word === "number" ? word : undefined;
}
