/** Random conditions of random programs. */
import { bytes, maybe } from "./random_bytes.ts";
import { call } from "./random_call.ts";
import { EDGES, literal, number } from "./random_number.ts";
import { type Piece, piece } from "./piece.ts";
import { limit, type Scope, use } from "./scope.ts";

export const COMPARISONS = ["<", "<=", ">", ">=", "===", "!=="] as const;

const boolean = piece("boolean");

export function condition(s: Scope, depth: number): Piece {
  const { random } = s;
  if (depth <= 0) return random.chance(70) ? flag(s) : compared(s, 0);
  const inner = () => condition(s, depth - 1);
  return random.weighted<() => Piece>([
    [3, () => boolean`(${inner()} && ${inner()})`],
    [3, () => boolean`(${inner()} || ${inner()})`],
    [2, () => boolean`!${inner()}`],
    [1, () => boolean`(${inner()} ? ${inner()} : ${inner()})`],
    [1, () => boolean`(${inner()} ${random.pick(["===", "!=="])} ${inner()})`],
    [7, () => compared(s, depth - 1)],
    [3, () => near(s)],
    [2, () => presence(s, depth - 1)],
    [2, () => guarded(s)],
    [3, () => call(s, "boolean", depth) ?? flag(s)],
    [2, () => flag(s)],
  ])();
}

function flag(s: Scope): Piece {
  const name = s.random.chance(90) ? s.find("boolean") : undefined;
  return name ? use(name) : boolean`${s.random.pick(["true", "false"])}`;
}

function compared(s: Scope, depth: number): Piece {
  const comparison = s.random.pick(COMPARISONS);
  const [a, b] = [number(s, depth), number(s, depth)];
  if (s.random.chance(25)) return boolean`((${a} & 3) ${comparison} (${b} & 3))`;
  // TypeScript does not accept the comparison of two different literals.
  if (a.isConstant && b.isConstant) return boolean`(same(${a}) ${comparison} ${b})`;
  return boolean`(${a} ${comparison} ${b})`;
}

/** Compares a number with itself, a neighbour, or one that differs only in high bits. */
function near(s: Scope): Piece {
  const { random } = s;
  const edge = random.pick(EDGES.filter((each) => Math.abs(each) <= limit(s.traits)));
  const others = [edge, edge, edge - 1, edge + 1, 0 - edge, edge + 2 ** 32, edge - 2 ** 32];
  const other = literal(random, random.pick(others.filter(Number.isSafeInteger)));
  const known = literal(random, edge);
  const comparison = random.pick(COMPARISONS);
  return random.weighted([
    [2, boolean`(same(${known}) ${comparison} ${other})`],
    [1, boolean`(${other} ${comparison} same(${known}))`],
    [1, boolean`(same(${known}) ${comparison} same(${other}))`],
  ]);
}

function presence(s: Scope, depth: number): Piece {
  return boolean`(${maybe(s, depth)} ${s.random.pick(["===", "!=="])} undefined)`;
}

/** Reads the length of bytes only if they are defined. */
function guarded(s: Scope): Piece {
  const name = s.find("maybe");
  if (!name) return presence(s, 0);
  const than = s.random.below(12);
  return s.random.weighted([
    [1, boolean`(${name.text} !== undefined && ${name.text}.length > ${than})`],
    [1, boolean`(${name.text} === undefined || ${name.text}.length < ${than})`],
    [1, boolean`(${bytes(s, 1, false)}.length === ${than})`],
  ]);
}
