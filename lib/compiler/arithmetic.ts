/** Compiles arithmetic with exactly JavaScript's results, else the handler ends with a message. */
import type { Node } from "@babel/types";
import type { Operator } from "../native/language.ts";
import type { Body } from "./body.ts";
import { refuse } from "./refusal.ts";
import {
  ANY,
  INT32,
  isSafe,
  isWithin,
  knownNumber,
  numberValue,
  type Range,
  rangeOf,
  UINT32,
  union,
  type Value,
} from "./value.ts";

/** JavaScript takes the low 32 bits of both operands. */
const BITS: Readonly<Record<string, Operator>> = { "&": "&", "|": "|", "^": "^" };
const SHIFTS: Readonly<Record<string, Operator>> = { "<<": "<<", ">>": ">>", ">>>": ">>>" };
/** Natural numbers of 31 bits, for which operations on 64 and on 32 bits agree. */
const NATURAL31: Range = [0, 2 ** 31 - 1];

export function arithmetic(
  body: Body,
  node: Node,
  left: Value,
  operator: string,
  right: Value,
): Value {
  if (left.kind !== "number" || right.kind !== "number") {
    refuse(node, `expected two numbers for ${operator}`);
  }
  const into = body.take("number")[0]!;
  const a = left.words[0]!, b = right.words[0]!;
  const ranges = [rangeOf(left), rangeOf(right)] as const;
  if (operator === "+" || operator === "-" || operator === "*") {
    const range = exactRange(operator, ...ranges);
    if (isSafe(range)) body.p.do(into, a, operator, b);
    else body.p.doSafely(into, a, operator, b, body.trap(node, "a number beyond ±2⁵³"));
    return numberValue(into, isSafe(range) ? range : ANY);
  }
  if (operator === "%" || operator === "/") {
    divisor(node, right);
    body.p.do(into, a, operator, b);
    const range = operator === "%" ? remainderRange(...ranges) : quotientRange(ranges[0]);
    return numberValue(into, range);
  }
  const bits = BITS[operator], shift = SHIFTS[operator];
  if (bits !== undefined) {
    const natural = ranges.filter((range) => isWithin(range, NATURAL31));
    const isPlain = natural.length === 2 || (operator === "&" && natural.length === 1);
    if (isPlain) body.p.do(into, a, bits, b);
    else body.p.do32(into, a, bits, b);
    return numberValue(into, bitsRange(operator, natural));
  }
  if (shift === undefined) refuse(node, `${operator} is not part of the subset`);
  body.p.do(into, a, shift, typeof b === "number" ? b & 31 : b);
  return numberValue(into, operator === ">>>" ? shiftedRange(right) : INT32);
}

/** The complement of the number's low 32 bits. */
export function complement(body: Body, node: Node, value: Value): Value {
  return arithmetic(body, node, value, "^", numberValue(-1));
}

export function negative(body: Body, node: Node, value: Value): Value {
  return arithmetic(body, node, numberValue(0), "-", value);
}

function divisor(node: Node, right: Value): void {
  const number = knownNumber(right);
  if (number === undefined || number <= 0) {
    refuse(node, "expected a constant divisor above 0");
  }
}

/** The range of the exact result. */
function exactRange(operator: string, a: Range, b: Range): Range {
  if (operator === "+") return [a[0] + b[0], a[1] + b[1]];
  if (operator === "-") return [a[0] - b[1], a[1] - b[0]];
  return union(a.flatMap((x) => b.map((y): Range => [x * y, x * y])));
}

/** The divisor is at least 1, so the quotient is not farther from 0 than the dividend. */
function quotientRange([low, high]: Range): Range {
  return [Math.min(low, 0), Math.max(high, 0)];
}

/** The remainder has the dividend's sign. */
function remainderRange(a: Range, b: Range): Range {
  const most = b[1] - 1;
  return [a[0] < 0 ? -most : 0, a[1] > 0 ? most : 0];
}

function bitsRange(operator: string, natural: readonly Range[]): Range {
  if (operator === "&" && natural.length > 0) {
    return [0, Math.min(...natural.map(([, high]) => high))];
  }
  return natural.length === 2 ? NATURAL31 : INT32;
}

function shiftedRange(count: Value): Range {
  const bits = knownNumber(count);
  return bits === undefined ? UINT32 : [0, 2 ** (32 - (bits & 31)) - 1];
}
