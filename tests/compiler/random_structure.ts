/** Random structures of random programs: records at offsets in their table. */
import { call } from "./random_call.ts";
import { condition } from "./random_condition.ts";
import { number } from "./random_number.ts";
import { type Piece, piece } from "./piece.ts";
import { type Scope, use } from "./scope.ts";

/** A layout's fields. */
export const FIELDS = { a: 0, b: 4, c: 12 } as const;

/** The greatest offset at which a structure is still in the table. */
const MOST = 7;

export function structure(s: Scope, depth: number): Piece {
  const { random } = s;
  const name = random.chance(60) ? s.find("structure") : undefined;
  if (name) return use(name);
  if (depth > 0) {
    const called = random.chance(40) ? call(s, "structure", depth) : undefined;
    if (called) return called;
    if (random.chance(20)) {
      const [a, b] = [structure(s, depth - 1), structure(s, depth - 1)];
      return piece("structure")`(${condition(s, depth - 1)} ? ${a} : ${b})`;
    }
  }
  const module = random.chance(30) ? "table." : "";
  const offset = s.traits.isCareless && random.chance(10)
    ? piece("number")`(${number(s, depth - 1)} & 31)`
    : piece("number")`(${number(s, depth - 1)} & ${MOST})`;
  return piece("structure")`${module}structure(${s.layout}, ${offset})`;
}

/** A field of a structure, usually of a named one. */
export function field(s: Scope, depth: number): Piece {
  const name = s.random.chance(70) ? s.find("structure") : undefined;
  const of = name ? use(name) : structure(s, depth - 1);
  const known = { bound: 2 ** 32 - 1 };
  return piece("number", known)`${of}.${s.random.pick(Object.keys(FIELDS))}`;
}

/** A number in the table, which is the program's buffer. */
export function inTable(s: Scope, depth: number): Piece {
  const module = s.random.chance(50) ? "table." : "";
  return piece("number", { bound: 2 ** 32 - 1 })`${module}number((${number(s, depth - 1)} & 15))`;
}
