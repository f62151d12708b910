/** Random loops of random programs. Each ends by its count or when the fuel is used up. */
import { bytes } from "./random_bytes.ts";
import { condition } from "./random_condition.ts";
import { literal, number } from "./random_number.ts";
import { bare, type Piece, statement } from "./piece.ts";
import { block, body } from "./random_statement.ts";
import type { Name, Scope } from "./scope.ts";

/** for (let i = 0; i < n; i++) */
export function counted(s: Scope, depth: number): Piece {
  const i = s.fresh("i");
  const count = s.random.below(6);
  const few = limit(s, count);
  const [start, end, step, most] = s.random.weighted(
    [
      [4, ["0", statement`${i} < ${few}`, `${i}++`, 7]],
      [2, [`${s.random.pick([-3, -1, 1])}`, statement`${i} < ${few}`, `${i}++`, 7]],
      [1, ["0", statement`${i} <= ${few}`, `++${i}`, 8]],
      [1, [`${count}`, statement`${i} >= 0`, `${i}--`, count]],
      [1, [`${count}`, statement`${i} > -2`, `${i} -= 2`, count]],
      [1, ["0", statement`${i} !== ${count}`, `${i} += 1`, count]],
    ] as const,
  );
  return s.inLoop(true, () => {
    s.declare({ kind: "number", text: i, isAssignable: false, bound: most });
    const more = s.random.chance(20) ? statement` && ${condition(s, 1)}` : statement``;
    const head = statement`for (let ${i} = ${start}; ${end}${more}; ${step})`;
    if (!s.traits.isCareless) return statement`${head} ${body(s, depth - 1)}`;
    const { text } = s.find("bytes", ({ length = 0 }) => length > 0)!;
    return statement`${head} ${block(s, depth - 1, [statement`emit(at(${text}, ${i}));`])}`;
  });
}

/** A number from 0 to 7, which the compiler may or may not know. */
function limit(s: Scope, count: number): Piece {
  return s.random.weighted<() => Piece>([
    [3, () => literal(s.random, count)],
    [1, () => statement`same(${count})`],
    [2, () => statement`(${number(s, 1)} & 7)`],
  ])();
}

/** A loop over the indices of bytes, which may be replaced meanwhile. */
export function indexed(s: Scope, depth: number): Piece {
  const i = s.fresh("i");
  const isChanging = s.traits.isCareless && s.random.chance(50);
  const of = s.find("bytes", ({ isAssignable }) => isAssignable || !isChanging)!;
  const from = s.random.weighted([[3, 0], [1, 1], [2, -1]]);
  const end = s.random.weighted([
    [5, `${of.text}.length`],
    [1, `${of.text}.length - 1`],
    [1, `utf8("abc").length`],
  ]);
  return s.inLoop(true, () => {
    s.declare({ kind: "number", text: i, isAssignable: false, bound: 2 ** 16 });
    const read = reads(s, i, of, end === `${of.text}.length` ? from : -1);
    const head = `for (let ${i} = ${from}; ${i} < ${end}; ${i}++)`;
    return statement`${head} ${block(s, depth - 1, read)}`;
  });
}

/** Reads at the loop's index, which may be wrong only in careless programs. */
function reads(s: Scope, i: string, of: Name, from: number): Piece[] {
  const safe = from >= 0 && !of.isAssignable ? [statement`emit(at(${of.text}, ${i}));`] : [];
  if (!s.traits.isCareless) return safe;
  const other = s.find("bytes")!.text;
  const change = of.isAssignable
    ? [statement`${of.text} = part(${of.text}, 0, ${of.text}.length >> 1);`]
    : [];
  const read = s.random.pick([
    `at(${of.text}, ${i})`,
    `at(${of.text}, ${i})`,
    `at(${of.text}, ${i})`,
    `at(${of.text}, ${i} + 1)`,
    `at(${other}, ${i})`,
    `u16(${of.text}, ${i})`,
    `u32(${other}, ${i})`,
  ]);
  return [...s.random.chance(60) ? change : [], statement`emit(${read});`];
}

/** A loop whose body may change the counter, too. */
export function stepped(s: Scope, depth: number): Piece {
  const i = s.fresh("i");
  const count = 2 + s.random.below(5);
  const head = s.random.pick([
    `for (let ${i} = 0; ${i} < ${count}; ${i}++)`,
    `for (let ${i}: number = ${-count}; ${i} < 0; ${i} += 2)`,
    `for (let ${i} = 0, ${i}e = ${count}; ${i} < ${i}e; ${i}++)`,
  ]);
  return s.inLoop(true, () => {
    s.declare({ kind: "number", text: i, isAssignable: false, bound: 2 * count });
    const skip = s.random.pick([`${i} += 1;`, `${i}++;`]);
    const when = bare(condition(s, 1));
    return statement`${head} ${block(s, depth - 1, [statement`if (${when}) ${skip}`])}`;
  });
}

/** A loop that ends when the fuel is used up. */
export function endless(s: Scope, depth: number): Piece {
  const use = statement`fuel -= ${3 + s.random.below(20)};`;
  const loop = s.random.below(4);
  const when = condition(s, 2);
  return s.inLoop(true, () => {
    switch (loop) {
      case 0:
        return statement`while (fuel > 0 && ${condition(s, 2)}) ${block(s, depth - 1, [use])}`;
      case 1:
        return statement`do ${block(s, depth - 1, [use])} while (fuel > 0 && ${when});`;
      case 2:
        return statement`for (;;) ${block(s, depth - 1, [use, ending(when)])}`;
      default:
        return statement`while (true) ${block(s, depth - 1, [use, ending(when)])}`;
    }
  });
}

function ending(when: Piece): Piece {
  return statement`if (fuel <= 0 || ${when}) break;`;
}

/** for (const byte of bytes) */
export function overBytes(s: Scope, depth: number): Piece {
  const byte = s.fresh("e");
  const of = bare(bytes(s, 3, false));
  return s.inLoop(true, () => {
    s.declare({ kind: "number", text: byte, isAssignable: false, bound: 255 });
    return statement`for (const ${byte} of ${of}) ${body(s, depth - 1)}`;
  });
}
