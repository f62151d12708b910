/** Random numbers of random programs, many of them edge cases. */
import { access, bytes } from "./random_bytes.ts";
import { call } from "./random_call.ts";
import { condition } from "./random_condition.ts";
import { type Piece, piece } from "./piece.ts";
import { field, inTable } from "./random_structure.ts";
import type { Random } from "./random.ts";
import { limit, type Scope, use } from "./scope.ts";

const MAX = Number.MAX_SAFE_INTEGER;

const POWERS = [0, 1, 7, 8, 15, 16, 24, 31, 32, 33, 40, 52, 53].map((n) => 2 ** n);

/** Powers of two and their neighbours, up to the greatest number. */
export const EDGES: readonly number[] = [
  ...new Set(
    POWERS.flatMap((power) => [power - 1, power, power + 1])
      .flatMap((n) => [n, 0 - n])
      .filter(Number.isSafeInteger),
  ),
];

/** Factors whose product is near the limit, or wraps to a small number in 64 bits. */
const FACTORS: readonly (readonly [number, number])[] = [
  [94906265, 94906265],
  [94906266, 94906266],
  [2 ** 26, 2 ** 27 - 1],
  [2 ** 26, 2 ** 27],
  [2 ** 31, 2 ** 32],
  [3037000500, 3037000500],
  [2 ** 32, 2 ** 32],
  [2 ** 32 - 1, 2 ** 32 + 1],
  [2 ** 32 + 1, 2 ** 32 + 1],
  [2 ** 40, 2 ** 40],
  [2 ** 52, 2 ** 12],
  [MAX, 2 ** 11],
  [MAX, 2 ** 11 + 1],
  [MAX, MAX],
  [MAX, 1],
];

const SUMS: readonly (readonly [number, number])[] = [
  [MAX, 0],
  [MAX, 1],
  [MAX - 1, 1],
  [MAX - 1, 2],
  [MAX, MAX],
  [2 ** 52, 2 ** 52],
  [2 ** 52, 2 ** 52 - 1],
];

/** A literal, written in one of several ways. */
export function literal(random: Random, value: number): Piece {
  const known = { bound: Math.abs(value), isConstant: true };
  const size = Math.abs(value);
  const digits = random.weighted([
    [6, `${size}`],
    [1, `0x${size.toString(16)}`],
    [1, `0o${size.toString(8)}`],
    [1, size.toString().replace(/\B(?=(\d{3})+$)/g, "_")],
  ]);
  const isNegative = value < 0 || Object.is(value, -0);
  return isNegative ? piece("number", known)`(-${digits})` : piece("number", known)`${digits}`;
}

export function someNumber(random: Random, most: number): number {
  const value = random.weighted([
    [5, () => random.pick(EDGES)],
    [3, () => random.below(10)],
    [1, () => random.below(1000) - 500],
    [1, () => random.below(2 ** 32) * (random.chance(50) ? 1 : -1)],
  ])();
  return Math.abs(value) <= most ? value : value % 1000;
}

/** A number that the compiler cannot know. */
export function hidden(value: number): Piece {
  const digits = value < 0 ? `(-${Math.abs(value)})` : `${value}`;
  return piece("number", { bound: Math.abs(value) })`same(${digits})`;
}

/** A number that fits in a variable. */
export function fitting(s: Scope, depth: number): Piece {
  return narrowed(s, number(s, depth), limit(s.traits));
}

/** The number itself if it is small enough, else a smaller one made from it. */
export function narrowed(s: Scope, wide: Piece, most: number): Piece {
  if (wide.bound! <= most) return wide;
  const { isConstant = false } = wide;
  const ways = [
    piece("number", { bound: 0xffff, isConstant })`(${wide} & 0xffff)`,
    piece("number", { bound: 999, isConstant })`(${wide} % 1000)`,
    piece("number", { bound: 2 ** 31, isConstant })`(${wide} | 0)`,
    piece("number", { bound: 2 ** 32, isConstant })`(${wide} >>> 0)`,
  ];
  return s.random.pick(ways.filter(({ bound }) => bound! <= most));
}

export function number(s: Scope, depth: number): Piece {
  const { random } = s;
  if (depth <= 0 || random.chance(12)) return leaf(s);
  const inner = () => number(s, depth - 1);
  return random.weighted<() => Piece>([
    [10, () => arithmetic(s, inner(), random.pick(["+", "-", "*"]), inner())],
    [7, () => bits(s, inner(), inner())],
    [2, () => bits(s, hidden(random.pick(EDGES)), hidden(random.pick(EDGES)))],
    [2, () => piece("number", { bound: 2 ** 31 })`(~${inner()})`],
    [2, () => negative(inner())],
    [3, () => remainder(s, inner())],
    [3, () => quotient(s, inner())],
    [3, () => choice(s, depth)],
    [6, () => access(s, depth)],
    [2, () => length(s, depth)],
    [2, () => field(s, depth)],
    [1, () => inTable(s, depth)],
    [8, () => call(s, "number", depth) ?? leaf(s)],
    [s.traits.isWild ? 3 : 0, () => atTheLimit(s)],
  ])();
}

function leaf(s: Scope): Piece {
  const { random } = s;
  if (random.chance(35)) return literal(random, someNumber(random, limit(s.traits)));
  if (random.chance(15)) return length(s, 0);
  const name = s.find("number");
  return name ? use(name) : literal(random, random.below(10));
}

type Arithmetic = "+" | "-" | "*";

const EXACT = { "+": "sum", "-": "difference", "*": "product" } as const;

function reach(a: Piece, operator: Arithmetic, b: Piece): number {
  return operator === "*" ? a.bound! * b.bound! : a.bound! + b.bound!;
}

/** a + b and the like. Results leave ±2⁵³ only in wild programs, and never between constants. */
export function arithmetic(s: Scope, a: Piece, operator: Arithmetic, b: Piece): Piece {
  const isKnown = a.isConstant === true && b.isConstant === true;
  const isAllowed = s.traits.isWild && !isKnown && s.random.chance(25);
  let [left, right] = [a, b];
  if (reach(a, operator, b) > MAX && !isAllowed) {
    left = narrowed(s, a, operator === "*" ? 2 ** 20 : 2 ** 51);
    right = narrowed(s, b, operator === "*" ? 2 ** 32 : 2 ** 51);
  }
  return checked(left, operator, right);
}

function checked(left: Piece, operator: Arithmetic, right: Piece): Piece {
  return piece("number", {
    bound: Math.min(reach(left, operator, right), MAX),
    isConstant: left.isConstant === true && right.isConstant === true,
    exact: ([a, b], place) => piece("number")`${EXACT[operator]}(${a!}, ${b!}, ${place})`,
  })`(${left} ${operator} ${right})`;
}

/** Sums and products that just fit, or just do not. */
function atTheLimit(s: Scope): Piece {
  const { random } = s;
  const sign = () => random.chance(50) ? 1 : -1;
  const operator = random.pick(["+", "-", "*"] as const);
  const [a, b] = random.pick(operator === "*" ? FACTORS : SUMS);
  const one = sign(), both = operator === "*" ? sign() : operator === "+" ? one : 0 - one;
  const left = hidden(a * one);
  const right = random.chance(50) ? literal(random, b * both) : hidden(b * both);
  return checked(left, operator, right);
}

const BITS = ["&", "|", "^", "<<", ">>", ">>>"] as const;

function bits(s: Scope, a: Piece, b: Piece): Piece {
  const operator = s.random.pick(BITS);
  const isShift = operator === "<<" || operator === ">>" || operator === ">>>";
  const count = isShift && s.random.chance(60)
    ? literal(s.random, s.random.pick([0, 1, 4, 8, 16, 24, 31, 32, 33, 63, 64, -1]))
    : b;
  const mask = s.random.pick([0xff, 0xffff, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, -1, -256]);
  const right = operator === "&" && s.random.chance(30) ? literal(s.random, mask) : count;
  const isConstant = a.isConstant === true && right.isConstant === true;
  return piece("number", { bound: 2 ** 32, isConstant })`(${a} ${operator} ${right})`;
}

function negative(of: Piece): Piece {
  const { bound = 0, isConstant = false } = of;
  return piece("number", { bound, isConstant })`(-${of})`;
}

const DIVISORS = [1, 2, 3, 7, 10, 16, 255, 256, 1000, 65536, 2 ** 31, 2 ** 32, 2 ** 40, MAX];

function divisor(s: Scope): Piece {
  const constant = s.find("number", ({ isConstant, bound }) => isConstant === true && bound! > 0);
  const isPositive = constant !== undefined && constant.text.startsWith("N");
  if (isPositive && s.random.chance(20)) return use(constant);
  return literal(s.random, s.random.pick(DIVISORS));
}

function remainder(s: Scope, of: Piece): Piece {
  const by = divisor(s);
  const bound = Math.min(of.bound!, by.bound!);
  return piece("number", { bound, isConstant: of.isConstant === true })`(${of} % ${by})`;
}

function quotient(s: Scope, of: Piece): Piece {
  const { bound = 0, isConstant = false } = of;
  return piece("number", { bound, isConstant })`Math.trunc(${of} / ${divisor(s)})`;
}

function choice(s: Scope, depth: number): Piece {
  const [a, b] = [number(s, depth - 1), number(s, depth - 1)];
  const bound = Math.max(a.bound!, b.bound!);
  return piece("number", { bound })`(${condition(s, depth - 1)} ? ${a} : ${b})`;
}

function length(s: Scope, depth: number): Piece {
  const of = bytes(s, depth - 1, false);
  return piece("number", { bound: 2 ** 16 })`${of}.length`;
}
