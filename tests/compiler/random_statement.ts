/** Random statements of random programs. */
import { bytes, careless, inside, maybe, text } from "./random_bytes.ts";
import { argument, call, callOf, words } from "./random_call.ts";
import { condition } from "./random_condition.ts";
import { counted, endless, indexed, overBytes, stepped } from "./random_loop.ts";
import { fitting, literal, number, someNumber } from "./random_number.ts";
import { assigned, changed } from "./random_assignment.ts";
import { bare, commas, kept, list, other, type Piece, statement } from "./piece.ts";
import { limit, type Name, type Scope, use, VARIABLES } from "./scope.ts";
import { probed } from "./random_probe.ts";
import { structure } from "./random_structure.ts";
import { chosen } from "./random_switch.ts";

/** Makes a statement; undefined if there can be none of its kind here. */
export type Maker = (s: Scope, depth: number) => Piece | undefined;

const SIMPLE: readonly (readonly [number, Maker])[] = [
  [7, declared],
  [8, assigned],
  [4, changed],
  [4, stored],
  [2, copied],
  [3, (s) => statement`emit(${bare(number(s, 3))});`],
  [2, (s) => statement`show(${bare(bytes(s, 2, false))});`],
  [2, (s) => statement`tell(${bare(maybe(s, 2))});`],
  [3, called],
  [2, handedOn],
  [3, said],
  [4, probed],
  [3, jumped],
  [1, required],
  [1, stopped],
];

const NESTED: readonly (readonly [number, Maker])[] = [
  [7, branched],
  [2, narrowedBranch],
  [3, counted],
  [3, indexed],
  [2, stepped],
  [2, endless],
  [4, overBytes],
  [4, chosen],
  [2, late],
  [1, shadowed],
  [1, (s, depth) => block(s, depth - 1)],
];

export function statements(s: Scope, count: number, depth: number): Piece[] {
  return s.random.many(count, () => one(s, depth));
}

function one(s: Scope, depth: number): Piece {
  for (;;) {
    const made = s.random.weighted(depth > 0 && s.random.chance(45) ? NESTED : SIMPLE)(s, depth);
    if (made) return made;
  }
}

/** A block in braces, with its own declarations. */
export function block(s: Scope, depth: number, first: readonly Piece[] = []): Piece {
  return s.inner(() => {
    const inner = list(statements(s, 1 + s.random.below(2), depth));
    return statement`{\n${kept(first)}${inner}\n}`;
  });
}

/** What follows a condition: a block, or one statement. */
export function body(s: Scope, depth: number): Piece {
  if (s.random.chance(80)) return block(s, depth);
  for (;;) {
    const made = s.inner(() => one(s, 0));
    // A declaration cannot stand there alone.
    if (!/^(?:let|const) /.test(made.texts[0]!)) return other`${list([made])}`;
  }
}

function declared(s: Scope): Piece {
  const kind = s.random.weighted(VARIABLES);
  const isConstant = s.random.chance(40);
  const text = s.fresh(kind[0]!);
  const word = isConstant ? "const" : "let";
  const add = (value: Piece, known: Partial<Name> = {}) => {
    const type = s.random.chance(60) ? `: ${typeName(s, kind)}` : "";
    // A maybe's type is wider than its first value's.
    const shown = kind === "maybe" ? `: ${TYPES.maybe}` : type;
    s.declare({ kind, text, isAssignable: !isConstant, ...known });
    return statement`${word} ${text}${shown} = ${bare(value)};`;
  };
  switch (kind) {
    case "number": {
      const value = s.random.chance(20)
        ? literal(s.random, someNumber(s.random, limit(s.traits)))
        : fitting(s, 3);
      const isKnown = isConstant && value.isConstant === true;
      return add(value, { bound: isKnown ? value.bound! : limit(s.traits), isConstant: isKnown });
    }
    case "boolean":
      return add(condition(s, 3));
    case "string":
      return add(textOf(s));
    case "structure":
      return add(structure(s, 2));
    case "maybe": {
      const value = maybe(s, 2);
      return add(value, { isWritable: value.isWritable === true });
    }
    default: {
      const value = bytes(s, 3, false);
      return add(value, { isWritable: value.isWritable === true });
    }
  }
}

const textOf = (s: Scope) => text(s, 2);

export const TYPES = {
  number: "number",
  boolean: "boolean",
  bytes: "Uint8Array",
  maybe: "Uint8Array | undefined",
  string: "string",
  structure: "Structure",
} as const;

/** A structure's type depends on its layout. */
export function typeName(s: Scope, kind: keyof typeof TYPES): string {
  return kind === "structure" ? s.layout.replace("R", "Record") : TYPES[kind];
}

function stored(s: Scope): Piece {
  if (s.traits.isCareless && s.random.chance(35)) {
    const into = bytes(s, 2, true);
    const index = careless(s, into, 1, 1);
    return statement`put(${bare(into)}, ${bare(index)}, ${bare(number(s, 2))});`;
  }
  const into = s.random.pick(s.all("bytes", (each) => each.isWritable! && (each.length ?? 0) > 0));
  const index = inside(s, into.length! - 1, 2);
  return statement`put(${use(into)}, ${bare(index)}, ${bare(number(s, 3))});`;
}

function copied(s: Scope): Piece | undefined {
  if (s.traits.isCareless && s.random.chance(35)) {
    const into = bytes(s, 1, true);
    return statement`copy(${into}, ${careless(s, into, 4, 1)}, ${bare(bytes(s, 2, false))});`;
  }
  const into = s.find("bytes", isRoomy)!;
  if (s.random.chance(50)) return shifted(s, into);
  const from = s.find("bytes", isRoomy)!;
  const most = Math.min(into.length!, from.length!);
  const size = s.random.pick([0, 1, most, s.random.below(most + 1)]);
  const at = s.random.below(into.length! - size + 1);
  const start = s.random.below(from.length! - size + 1);
  return statement`copy(${use(into)}, ${at}, part(${use(from)}, ${start}, ${start + size}));`;
}

/** Copies bytes to a place that overlaps with them. */
function shifted(s: Scope, into: Name): Piece {
  const { text, length } = into;
  const by = s.random.pick([1, 2, 7, 8, 9].filter((each) => each < length!));
  const start = s.random.below(length! - by);
  const size = s.random.pick([length! - by - start, s.random.below(length! - by - start + 1)]);
  const [to, from] = s.random.chance(60) ? [start + by, start] : [start, start + by];
  return statement`copy(${text}, ${to}, part(${text}, ${from}, ${from + size}));`;
}

function isRoomy({ length, isWritable }: Name): boolean {
  return isWritable === true && length !== undefined && length > 1;
}

/** A call whose result, if any, is ignored. */
function called(s: Scope, depth: number): Piece | undefined {
  const able = s.functions.filter(({ result }) => result !== "never");
  if (able.length === 0 || s.calls <= 0) return undefined;
  return statement`${callOf(s, s.random.pick(able), "other", depth + 1)};`;
}

/** Passes a call's result on directly, after other arguments. */
function handedOn(s: Scope): Piece | undefined {
  const able = s.functions.filter(({ parameters: [, ...later], takesWords }) =>
    !takesWords && later.some(({ kind }) => s.functions.some(({ result }) => result === kind))
  );
  if (able.length === 0) return undefined;
  const { name, parameters } = s.random.pick(able);
  const args = parameters.map((parameter, i) => {
    const given = i === 0 ? undefined : call(s, parameter.kind, 1, parameter.isWritable);
    return given ?? argument(s, parameter, 0);
  });
  return statement`${name}(${commas(args)});`;
}

function said(s: Scope): Piece {
  const able = s.functions.filter(({ takesWords }) => takesWords);
  if (able.length > 0 && s.calls > 0) {
    return statement`${callOf(s, s.random.pick(able), "other", 2)};`;
  }
  return statement`say(${commas(words(s))});`;
}

function branched(s: Scope, depth: number): Piece {
  const when = bare(condition(s, 3));
  const then = body(s, depth - 1);
  if (s.random.chance(50)) return statement`if (${when}) ${then}`;
  if (s.random.chance(25)) {
    const next = branched(s, depth - 1);
    return statement`if (${when}) ${braced(then)} else ${next}`;
  }
  return statement`if (${when}) ${braced(then)} else ${body(s, depth - 1)}`;
}

/** An else belongs to the innermost if. */
function braced(then: Piece): Piece {
  return then.kind === "statement" ? then : statement`{\n${then}\n}`;
}

/** Uses bytes that may be undefined in a branch in which they are not. */
function narrowedBranch(s: Scope, depth: number): Piece | undefined {
  const name = s.find("maybe", ({ text }) => !text.startsWith("M"));
  if (!name) return undefined;
  return s.inner(() => {
    const otherwise = s.random.chance(50) ? block(s, depth - 1) : undefined;
    s.names = s.names.filter(({ text }) => text !== name.text);
    s.declare({ ...name, kind: "bytes", isAssignable: false });
    const then = block(s, depth - 1);
    if (!otherwise) return statement`if (${name.text} !== undefined) ${then}`;
    return s.random.chance(50)
      ? statement`if (${name.text} !== undefined) ${then} else ${otherwise}`
      : statement`if (${name.text} === undefined) ${otherwise} else ${then}`;
  });
}

/** Leaves if bytes are undefined: afterwards they are not. */
function required(s: Scope): Piece | undefined {
  const name = s.find("maybe", ({ text }) => !text.startsWith("M"));
  const jump = name && leave(s);
  if (!name || !jump) return undefined;
  s.names = s.names.filter(({ text }) => text !== name.text);
  s.declare({ ...name, kind: "bytes", isAssignable: false });
  return statement`if (${name.text} === undefined) ${jump}`;
}

function jumped(s: Scope): Piece | undefined {
  const jump = leave(s);
  return jump && statement`if (${bare(condition(s, 2))}) ${jump}`;
}

/** break, continue or return, whichever is possible here. */
export function leave(s: Scope): Piece | undefined {
  const ways: (() => Piece)[] = [];
  if (s.loops > 0) ways.push(() => other`break;`, () => other`break;`);
  if (s.canContinue) ways.push(() => other`continue;`, () => other`continue;`);
  if (s.result !== undefined && s.result !== "never") ways.push(() => returned(s));
  return ways.length === 0 ? undefined : s.random.pick(ways)();
}

export function returned(s: Scope): Piece {
  if (s.result !== "nothing" && s.random.chance(1)) return other`return stop(${number(s, 1)});`;
  switch (s.result) {
    case "number":
      return other`return ${bare(fitting(s, 3))};`;
    case "boolean":
      return other`return ${bare(condition(s, 3))};`;
    case "bytes":
      return other`return ${bare(bytes(s, 3, s.isWritableResult))};`;
    case "maybe":
      return s.random.chance(15)
        ? other`return undefined;`
        : other`return ${bare(maybe(s, 3, s.isWritableResult))};`;
    case "string":
      return other`return ${bare(text(s, 2))};`;
    case "structure":
      return other`return ${bare(structure(s, 2))};`;
    default:
      return other`return;`;
  }
}

function stopped(s: Scope): Piece | undefined {
  if (!s.random.chance(15)) return undefined;
  return statement`if (${bare(condition(s, 2))}) stop(${bare(number(s, 1))});`;
}

/** A variable that gets its first value in each branch. */
function late(s: Scope): Piece {
  const text = s.fresh("l");
  const [a, b] = [bare(fitting(s, 2)), bare(fitting(s, 2))];
  const when = bare(condition(s, 2));
  s.declare({ kind: "number", text, isAssignable: true, bound: limit(s.traits) });
  return statement`let ${text}: number;\nif (${when}) ${text} = ${a};\nelse ${text} = ${b};`;
}

/** A block in which a name means something else. */
function shadowed(s: Scope, depth: number): Piece | undefined {
  const name = s.find("number", ({ text }) => !text.includes("."));
  if (!name) return undefined;
  return s.inner(() => {
    const value = literal(s.random, s.random.below(100));
    s.names = s.names.filter(({ text }) => text !== name.text);
    const inner: Name = { ...use(name), text: name.text, isAssignable: true, isConstant: false };
    s.declare({ ...inner, bound: limit(s.traits) });
    return block(s, depth - 1, [statement`let ${name.text}: number = ${value};`]);
  });
}
