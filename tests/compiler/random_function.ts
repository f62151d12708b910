/** Random functions of random programs. */
import { assigned } from "./random_assignment.ts";
import { condition } from "./random_condition.ts";
import { fitting, literal, number } from "./random_number.ts";
import { bare, commas, type Kind, list, other, type Piece, statement } from "./piece.ts";
import { returned, statements, typeName, TYPES } from "./random_statement.ts";
import { type Callable, limit, type Name, type Scope } from "./scope.ts";

type Value = keyof typeof TYPES;

const PARAMETERS: readonly (readonly [number, Value])[] = [
  [6, "number"],
  [2, "boolean"],
  [4, "bytes"],
  [3, "maybe"],
  [1, "string"],
  [1, "structure"],
];

const RESULTS: readonly (readonly [number, Callable["result"]])[] = [
  [7, "number"],
  [3, "boolean"],
  [4, "bytes"],
  [3, "maybe"],
  [1, "string"],
  [1, "structure"],
  [2, "nothing"],
];

const parameter = (s: Scope, kind: Kind, text: string): Name => ({
  kind,
  text,
  isAssignable: s.random.chance(50),
  bound: limit(s.traits),
  isWritable: s.random.chance(50),
});

/** name: type, for each parameter. */
function declarations(s: Scope, parameters: readonly Name[]): Piece[] {
  return parameters.map(({ kind, text }) => other`${text}: ${typeName(s, kind as Value)}`);
}

/** A function, and what its callers know of it; it can use what is in the scope already. */
export function randomFunction(s: Scope, name: string): [Callable, Piece] {
  const { random } = s;
  const parameters = random.many(
    random.below(4),
    () => s.declare(parameter(s, random.weighted(PARAMETERS), s.fresh("p"))),
  );
  const result = random.weighted(RESULTS);
  const isWritable = random.chance(40);
  s.result = result;
  s.isWritableResult = isWritable;
  s.calls = 8;
  const end = result === "nothing" ? [] : [""];
  const inner = list([
    ...statements(s, 1 + random.below(3), 2),
    ...end.map(() => returned(s)),
  ]);
  const declared = commas(declarations(s, parameters));
  const isVoid = result === "nothing" || result === "never";
  const type = isVoid ? "void" : typeName(s, result as Value);
  // Each call uses fuel, so a program's calls come to an end.
  const empty = exhausted(s, result);
  const body = other`if (fuel <= 0) ${empty}\nfuel -= 1;\n${inner}`;
  const text = other`function ${name}(${declared}): ${type} {\n${body}\n}`;
  return [{ name, parameters, takesWords: false, result, isWritable }, text];
}

/** A function that calls nothing and has few variables, so it shares slots with many others. */
export function smallFunction(s: Scope, name: string): [Callable, Piece] {
  const { random } = s;
  const kinds = random.many(
    random.below(4),
    () => random.chance(40) ? "number" : random.weighted(PARAMETERS),
  );
  const parameters = kinds.map((kind) => s.declare(parameter(s, kind, s.fresh("p"))));
  const result = random.chance(25) ? "nothing" : random.weighted(RESULTS);
  s.result = result;
  const declared = commas(declarations(s, parameters));
  const early = result !== "nothing" && random.chance(40)
    ? [other`if (${condition(s, 1)}) ${returned(s)}`]
    : [];
  if (result !== "nothing" && random.chance(40)) early.push(counted(s));
  const isCounting = random.chance(60) && kinds.includes("number");
  const does = result !== "nothing" ? returned(s) : isCounting ? counted(s) : assigned(s);
  const type = result === "nothing" ? "void" : typeName(s, result as Value);
  const text = other`function ${name}(${declared}): ${type} {\n${
    list([...early, ...does ? [does] : []])
  }\n}`;
  return [{ name, parameters, takesWords: false, result, isWritable: false }, text];
}

/** Changes a global variable that a caller may be about to use. */
function counted(s: Scope): Piece {
  const name = s.find("number", ({ text }) => text.startsWith("g"))!;
  return statement`${name.text} = ${bare(fitting(s, 2))};`;
}

function exhausted(s: Scope, result: Callable["result"]): Piece {
  switch (result) {
    case "number":
      return other`return ${literal(s.random, s.random.below(9))};`;
    case "boolean":
      return other`return ${s.random.pick(["true", "false"])};`;
    case "bytes":
      return other`return SPARE;`;
    case "maybe":
      return other`return ${s.random.pick(["SPARE", "undefined"])};`;
    case "structure":
      return other`return structure(${s.layout}, 4);`;
    case "string":
      return other`return "spent";`;
    default:
      return other`return;`;
  }
}

/** Gives a parameter another value and uses it as an index. */
function moved(s: Scope, parameters: readonly Name[]): Piece[] {
  const index = parameters.find(({ kind }) => kind === "number");
  if (!s.traits.isCareless || index === undefined) return [];
  const bytes = s.find("bytes", ({ length = 0 }) => length > 0)!.text;
  return [
    other`${index.text} = ${number(s, 1)} & ${s.random.pick([7, 31])};`,
    other`emit(at(${bytes}, ${index.text}));`,
  ];
}

/** A function with any number of ...words, which the compiler inlines. */
export function randomSayer(s: Scope, name: string): [Callable, Piece] {
  const parameters = s.random.many(s.random.below(3), (i) => {
    const kind = i === 0 && s.random.chance(50) ? "number" : s.random.weighted(PARAMETERS);
    return s.declare(parameter(s, kind, s.fresh("p")));
  });
  s.result = undefined;
  s.calls = 2;
  const all = s.fresh("w"), each = s.fresh("w");
  const declared = [...declarations(s, parameters), other`...${all}: (string | Uint8Array)[]`];
  const before = [...statements(s, s.random.below(3), 1), ...moved(s, parameters)];
  const inner = s.inLoop(true, () => {
    s.declare({ kind: "bytes", text: `utf8(${each})`, isAssignable: false });
    return statements(s, 1 + s.random.below(2), 1);
  });
  const onward = s.random.chance(40) ? [other`say("<", ...${all}, ">");`] : [];
  const loop = other`for (const ${each} of ${all}) {\n${list(inner)}\n}`;
  const lines = list([...before, loop, ...onward]);
  const text = other`function ${name}(${commas(declared)}): void {\n${lines}\n}`;
  return [{ name, parameters, takesWords: true, result: "nothing", isWritable: false }, text];
}
