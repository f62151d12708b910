/** Random calls of a random program's functions. */
import { bytes, maybe, text } from "./random_bytes.ts";
import { condition } from "./random_condition.ts";
import { fitting, literal } from "./random_number.ts";
import { structure } from "./random_structure.ts";
import { commas, type Kind, type Piece, piece } from "./piece.ts";
import { type Callable, limit, type Name, type Scope } from "./scope.ts";

/** A call with a result of this kind; undefined if there can be none. */
export function call(s: Scope, kind: Kind, depth: number, isWritable = false): Piece | undefined {
  const able = s.functions.filter((each) =>
    each.result === kind && (!isWritable || each.isWritable)
  );
  if (able.length === 0 || s.calls <= 0) return undefined;
  const callee = s.random.pick(able);
  return callOf(s, callee, kind, depth);
}

export function callOf(s: Scope, callee: Callable, kind: Kind, depth: number): Piece {
  s.calls--;
  const isDirect = s.random.chance(30);
  const args = callee.parameters.map((parameter) => {
    const isSmall = callee.takesWords && parameter.kind === "number" && s.random.chance(50);
    if (isSmall) return literal(s.random, s.random.below(3));
    const inner = isDirect || s.random.chance(20)
      ? call(s, parameter.kind, depth - 1, parameter.isWritable)
      : undefined;
    return inner ?? argument(s, parameter, depth - 1);
  });
  if (callee.takesWords) args.push(...words(s));
  const known = { bound: limit(s.traits), isWritable: callee.isWritable };
  return piece(kind, known)`${callee.name}(${commas(args)})`;
}

export function argument(s: Scope, { kind, isWritable }: Name, depth: number): Piece {
  switch (kind) {
    case "number":
      if (s.random.chance(20)) return literal(s.random, s.random.below(4));
      return fitting(s, depth);
    case "boolean":
      return condition(s, depth);
    case "string":
      return text(s, depth);
    case "structure":
      return structure(s, depth);
    case "maybe":
      return maybe(s, depth, isWritable);
    default:
      return bytes(s, depth, isWritable === true);
  }
}

/** Arguments for ...words. */
export function words(s: Scope): Piece[] {
  return s.random.many(
    s.random.below(4),
    () => s.random.chance(60) ? text(s, 1) : bytes(s, 1, false),
  );
}
