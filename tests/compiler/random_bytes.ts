/** Random bytes, strings and reads of random programs. */
import { call } from "./random_call.ts";
import { condition } from "./random_condition.ts";
import { literal, narrowed, number } from "./random_number.ts";
import { type Known, type Piece, piece } from "./piece.ts";
import { type Name, type Scope, use } from "./scope.ts";

const TEXTS = ["", "a", "abc", "hé“llo", '\n\\"', "0123456789abcdef", "${x}`"];

export function text(s: Scope, depth: number): Piece {
  const name = s.random.chance(50) ? s.find("string") : undefined;
  if (name) return use(name);
  if (depth > 0 && s.random.chance(30)) {
    const [a, b] = [text(s, depth - 1), text(s, depth - 1)];
    return piece("string")`(${condition(s, depth - 1)} ? ${a} : ${b})`;
  }
  return piece("string")`${JSON.stringify(s.random.pick(TEXTS))}`;
}

export function bytes(s: Scope, depth: number, isWritable: boolean): Piece {
  const { random } = s;
  const anyOf = () => named(s, isWritable);
  if (depth <= 0) return anyOf();
  const inner = () => bytes(s, depth - 1, isWritable);
  return random.weighted<() => Piece>([
    [8, anyOf],
    [6, () => slice(s, inner(), depth)],
    [2, () => {
      const [a, b] = [inner(), inner()];
      return both(a, b)`(${condition(s, depth - 1)} ? ${a} : ${b})`;
    }],
    [3, () => {
      const [a, b] = [maybe(s, depth - 1, isWritable), inner()];
      return both(a, b)`(${a} ?? ${b})`;
    }],
    [3, () => call(s, "bytes", depth, isWritable) ?? anyOf()],
    [random.chance(10) ? 1 : 0, () => {
      const there = maybe(s, depth - 1, isWritable);
      const known = { isWritable: there.isWritable === true };
      return piece("bytes", known)`(${there} ?? stop(${number(s, depth - 2)}))`;
    }],
    [isWritable ? 0 : 2, () => piece("bytes")`utf8(${text(s, depth - 1)})`],
    [isWritable ? 0 : 1, () => piece("bytes")`decimal(${natural(s, depth - 1)})`],
  ])();
}

export function maybe(s: Scope, depth: number, isWritable = false): Piece {
  const { random } = s;
  const anyOf = (): Piece => {
    const name = s.find("maybe", (each) => !isWritable || each.isWritable === true);
    return name ? { ...use(name), kind: "maybe" } : { ...named(s, isWritable), kind: "maybe" };
  };
  if (depth <= 0) return anyOf();
  return random.weighted<() => Piece>([
    [6, anyOf],
    [4, () => call(s, "maybe", depth, isWritable) ?? anyOf()],
    [3, () => {
      const there = bytes(s, depth - 1, isWritable);
      const known = { isWritable: there.isWritable === true };
      return random.chance(50)
        ? piece("maybe", known)`(${condition(s, depth - 1)} ? ${there} : undefined)`
        : piece("maybe", known)`(${condition(s, depth - 1)} ? undefined : ${there})`;
    }],
    [1, () => ({ ...bytes(s, depth - 1, isWritable), kind: "maybe" })],
  ])();
}

function both(a: Piece, b: Piece) {
  const known: Known = { isWritable: a.isWritable === true && b.isWritable === true };
  return piece(
    "bytes",
    a.length !== undefined && a.length === b.length ? { ...known, length: a.length } : known,
  );
}

function named(s: Scope, isWritable: boolean): Piece {
  const name = s.find("bytes", (each) => !isWritable || each.isWritable === true);
  if (name === undefined) throw new Error("every program has bytes");
  return use(name);
}

/** A natural number. */
function natural(s: Scope, depth: number): Piece {
  return piece("number", { bound: 2 ** 32 })`(${number(s, depth)} >>> ${s.random.below(25)})`;
}

/** A number from 0 to most, which is 2ⁿ − 1. */
function within(s: Scope, most: number, depth: number): Piece {
  if (most === 0) return literal(s.random, 0);
  if (s.random.chance(40)) return literal(s.random, s.random.pick([0, most, s.random.below(most)]));
  return piece("number", { bound: most })`(${number(s, depth)} & ${most})`;
}

/** An index that may be wrong, often by one. */
export function careless(s: Scope, of: Piece, size: number, depth: number): Piece {
  const { random } = s;
  const isName = of.holes.length === 0;
  return random.weighted<() => Piece>([
    [4, () => literal(random, random.below(26) - 1)],
    [
      of.length === undefined ? 0 : 4,
      () => literal(random, of.length! - size + random.pick([-1, 0, 0, 1])),
    ],
    [isName ? 4 : 0, () => {
      const less = size + random.pick([-1, 0, 0, 0, 1, 2]);
      return piece("number")`(${of.texts[0]!}.length - ${less < 0 ? `(${less})` : less})`;
    }],
    [3, () => piece("number")`(${number(s, depth)} & ${random.pick([3, 7, 15, 31])})`],
    [2, () => piece("number")`(${number(s, depth)} % ${Math.max(of.length ?? 5, 1)})`],
    [2, () => {
      const right = literal(random, random.below((of.length ?? 8) + 1));
      return piece("number")`(${condition(s, depth)} ? ${right} : ${number(s, depth)})`;
    }],
    [2, () => call(s, "number", depth) ?? literal(random, random.below(26))],
    [1, () => narrowed(s, number(s, depth), Number.MAX_SAFE_INTEGER)],
  ])();
}

/** The greatest 2ⁿ − 1 that is not above a number. */
function mask(most: number): number {
  return 2 ** Math.floor(Math.log2(most + 1)) - 1;
}

function slice(s: Scope, of: Piece, depth: number): Piece {
  const { random } = s;
  const writable: Known = { isWritable: of.isWritable === true };
  const { length } = of;
  if (s.traits.isCareless && random.chance(25)) {
    const [from, to] = [careless(s, of, 0, depth - 2), careless(s, of, 0, depth - 2)];
    return piece("bytes", writable)`part(${of}, ${from}, ${to})`;
  }
  if (length !== undefined && length > 0 && random.chance(70)) {
    const from = random.pick([0, random.below(length), random.below(length), length]);
    const to = random.pick([length, from, from + random.below(length - from + 1)]);
    const known = { ...writable, length: to - from };
    return piece("bytes", known)`part(${of}, ${literal(random, from)}, ${literal(random, to)})`;
  }
  if (length !== undefined && length > 1) {
    const half = mask(length >> 1);
    const [from, more] = [within(s, half, depth - 2), within(s, half, depth - 2)];
    return piece("bytes", writable)`part(${of}, ${from}, (${half} + ${more}))`;
  }
  if (of.holes.length > 0) return of;
  const [name] = of.texts;
  return random.weighted([
    [1, piece("bytes", writable)`part(${name!}, 0, ${name!}.length)`],
    [1, piece("bytes", writable)`part(${name!}, (${name!}.length >> 1), ${name!}.length)`],
    [1, piece("bytes", writable)`part(${name!}, (${name!}.length & 1), (${name!}.length | 0))`],
  ]);
}

const READS = [["at", 1, 255], ["at", 1, 255], ["u16", 2, 65535], ["u32", 4, 2 ** 32 - 1]] as const;

/** Reads a number from bytes. */
export function access(s: Scope, depth: number): Piece {
  const [read, size, bound] = s.random.pick(READS);
  const found = piece("number", { bound });
  if (s.traits.isCareless && s.random.chance(40)) {
    const of = bytes(s, depth - 1, false);
    return found`${read}(${of}, ${careless(s, of, size, depth - 2)})`;
  }
  const big = s.all("bytes", ({ length = 0 }) => length >= size);
  if (s.random.chance(60)) {
    const of: Name = s.random.pick(big);
    return found`${read}(${use(of)}, ${inside(s, of.length! - size, depth - 1)})`;
  }
  const of = s.find("bytes")!.text;
  const otherwise = literal(s.random, s.random.below(4));
  const place = s.random.pick(["0", `(${of}.length - ${size})`, `${s.random.below(5)}`]);
  const least = place.startsWith("(") ? size : Number(place) + size;
  return found`(${of}.length >= ${least} ? ${read}(${of}, ${place}) : ${otherwise})`;
}

/** A correct index: from 0 to the last one. */
export function inside(s: Scope, last: number, depth: number): Piece {
  if (s.random.chance(30)) {
    return literal(s.random, s.random.pick([0, last, s.random.below(last + 1)]));
  }
  return within(s, mask(last), depth);
}
