/** Random assignments of random programs. */
import { bytes, maybe, text } from "./random_bytes.ts";
import { call } from "./random_call.ts";
import { condition } from "./random_condition.ts";
import { fitting, literal, number } from "./random_number.ts";
import { bare, other, type Piece, piece, statement } from "./piece.ts";
import { structure } from "./random_structure.ts";
import { limit, type Name, type Scope, VARIABLES } from "./scope.ts";

const isAssignable = (name: Name) => name.isAssignable;

/** name = value; */
export function assigned(s: Scope): Piece | undefined {
  const kind = s.random.weighted(VARIABLES);
  const name = s.find(kind, isAssignable);
  return name && statement`${name.text} = ${bare(fresh(s, name))};`;
}

function fresh(s: Scope, { kind, isWritable = false }: Name): Piece {
  switch (kind) {
    case "number":
      return fitting(s, 3);
    case "boolean":
      return condition(s, 3);
    case "bytes":
      return bytes(s, 3, isWritable);
    case "maybe":
      return maybe(s, 3, isWritable);
    case "structure":
      return structure(s, 2);
    default:
      return text(s, 2);
  }
}

const ARITHMETIC = { "+": "sum", "-": "difference", "*": "product" } as const;

/** name += value; and the like, name++; */
export function changed(s: Scope): Piece | undefined {
  // A call on the right side may change a global variable.
  const called = s.random.chance(40) ? call(s, "number", 2) : undefined;
  const isOutside = (each: Name) => isAssignable(each) && (!called || /^g/.test(each.text));
  const name = s.find("number", isOutside);
  if (!name) return undefined;
  const operator = s.random.pick([
    "+",
    "-",
    "*",
    "++",
    "--",
    "%",
    "&",
    "|",
    "^",
    "<<",
    ">>",
    ">>>",
  ]);
  switch (operator) {
    case "+":
    case "-":
    case "*":
      return calculated(s, name, operator, called ?? number(s, 2));
    case "++":
    case "--":
      return stepped(s, name, operator);
    case "%":
      return statement`${name.text} %= ${
        literal(s.random, s.random.pick([1, 3, 7, 256, 2 ** 33]))
      };`;
    default:
      return statement`${name.text} ${operator}= ${bare(called ?? number(s, 2))};`;
  }
}

/** In programs that stay within ±2⁵³ the variable is made small first, so that it stays small. */
function calculated(
  s: Scope,
  { text: name }: Name,
  operator: "+" | "-" | "*",
  by: Piece,
): Piece {
  const value = s.traits.isWild
    ? by
    : piece("number")`(${by} % ${operator === "*" ? 255 : 2 ** 39})`;
  const change: Piece = {
    ...statement`${other`${name}`} ${operator}= ${bare(value)};`,
    exact: ([target, value], place) =>
      statement`${target!} = ${ARITHMETIC[operator]}(${target!}, ${value!}, ${place});`,
  };
  if (s.traits.isWild) return change;
  const least = operator === "*" ? 2 ** 31 : 2 ** 39;
  return statement`{\n${name} = ${name} % ${least};\n${change}\n}`;
}

function stepped(s: Scope, { text: name }: Name, operator: "++" | "--"): Piece {
  const by = ARITHMETIC[operator === "++" ? "+" : "-"];
  const exact = (_: readonly Piece[], place: string) =>
    statement`${name} = ${by}(${name}, 1, ${place});`;
  const change: Piece = s.random.chance(70)
    ? { ...statement`${name}${operator};`, exact }
    : { ...statement`${operator}${name};`, exact };
  // The variable must stay within its bound.
  if (s.traits.isWild) return change;
  return statement`{\n${change}\n${name} = ${name} % ${limit(s.traits)};\n}`;
}
