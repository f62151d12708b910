/** Random reads at indices of which the compiler knows so much that it may omit a check. */
import { call } from "./random_call.ts";
import { condition } from "./random_condition.ts";
import { arithmetic, hidden, literal, number } from "./random_number.ts";
import { type Piece, piece, statement } from "./piece.ts";
import { type Scope, use } from "./scope.ts";

/** emit(at(bytes, index)); of bytes with a known length, in careless programs. */
export function probed(s: Scope): Piece | undefined {
  if (!s.traits.isCareless) return undefined;
  const { text, length } = s.random.pick(s.all("bytes", ({ length = 0 }) => length > 0));
  const index = known(s, length!);
  return s.random.weighted([
    [4, statement`emit(at(${text}, ${index}));`],
    [1, statement`emit(u16(${text}, ${index}));`],
    [1, statement`emit(u32(${text}, ${index}));`],
    [1, statement`put(${text}, ${index}, ${s.random.below(256)});`],
  ]);
}

/** A number that is usually below the length. */
function known(s: Scope, length: number): Piece {
  const { random } = s;
  const right = () => literal(random, random.below(length));
  const few = piece("number");
  const name = () => {
    const found = s.find("number", ({ isAssignable }) => !isAssignable);
    return found ? use(found) : right();
  };
  return random.weighted<() => Piece>([
    [2, () => few`(${number(s, 2)} % ${length})`],
    [2, () => few`(${hidden(random.below(200) - 100)} % ${length})`],
    [2, () => few`(${number(s, 2)} & ${random.pick([1, 3, 7])})`],
    [3, () => few`(${condition(s, 1)} ? ${right()} : ${number(s, 1)})`],
    [1, () => few`(${condition(s, 1)} ? ${number(s, 1)} : ${right()})`],
    [3, () => call(s, "number", 2) ?? right()],
    [3, name],
    [1, () => arithmetic(s, name(), random.pick(["+", "-"]), literal(random, 1))],
    [1, () => few`(${number(s, 2)} >>> ${random.pick([29, 30, 31])})`],
    [1, () => few`(${number(s, 2)} >> ${random.pick([29, 30, 31])})`],
    [1, () => few`Math.trunc(${number(s, 2)} / ${random.pick([2 ** 29, 2 ** 31])})`],
    [1, () => literal(random, length - 1 + random.below(2))],
  ])();
}
