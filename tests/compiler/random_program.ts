/**
 * Random programs in the handler's language. A file has many, and its first argument says which one
 * to begin with. Each prints what it computes.
 */
import { type Known, list, other, type Piece } from "./piece.ts";
import { Random } from "./random.ts";
import { literal, someNumber } from "./random_number.ts";
import { randomFunction, randomSayer, smallFunction } from "./random_function.ts";
import { statements } from "./random_statement.ts";
import { FIELDS } from "./random_structure.ts";
import { type Callable, limit, type Name, Scope, type Traits } from "./scope.ts";

/** One program: declarations, and a function run… that main calls. */
export interface RandomProgram {
  readonly seed: number;
  readonly run: string;
  readonly declarations: Piece;
}

const BIG = 24;
const SMALL = 8;
const TINY = 3;

export function randomProgram(seed: number, wanted: Partial<Traits> = {}): RandomProgram {
  const random = new Random(seed);
  const chosen: Traits = { isWild: random.chance(30), isCareless: random.chance(40) };
  const traits = { ...chosen, ...wanted };
  let names = 0;
  const k = `${seed}`;
  const fresh = (prefix: string) => `${prefix}${names++}`;
  const [globals, declarations] = globalNames(random, traits, k);
  const functions: Callable[] = [];
  const small = random.below(4);
  const count = small + 1 + random.below(3);
  for (let i = 0; i < count; i++) {
    const scope = new Scope(random, traits, [...functions], `R${k}`, fresh);
    globals.forEach((name) => scope.declare(name));
    const make = i < small
      ? smallFunction
      : random.weighted([[1, randomSayer], [2, randomFunction]]);
    const [callable, text] = make(scope, `f${k}_${i}`);
    functions.push(callable);
    declarations.push(text);
  }
  const scope = new Scope(random, traits, functions, `R${k}`, fresh);
  globals.forEach((name) => scope.declare(name));
  scope.calls = 10;
  scope.result = "nothing";
  const lines = list(statements(scope, 2 + random.below(3), 2));
  const shown = list(globals.filter(({ isConstant }) => !isConstant).map(show));
  declarations.push(other`function do${k}(): void {\n${lines}\n}`);
  const run = `run${k}`;
  declarations.push(other`export function ${run}(): void {\nbegin(B${k});\ndo${k}();\n${shown}\n}`);
  return { seed, run, declarations: list(declarations) };
}

function show({ kind, text }: Name): Piece {
  switch (kind) {
    case "number":
      return other`emit(${text});`;
    case "boolean":
      return other`emit(${text} ? 1 : 0);`;
    case "maybe":
      return other`tell(${text});`;
    case "string":
      return other`show(utf8(${text}));`;
    default:
      return other`show(${text});`;
  }
}

/** A program's global names, and their declarations. */
function globalNames(random: Random, traits: Traits, k: string): [Name[], Piece[]] {
  const most = limit(traits);
  const names: Name[] = [];
  const texts: Piece[] = [];
  const add = (name: Name, text: Piece) => {
    names.push(name);
    texts.push(text);
  };
  const name = (
    kind: Name["kind"],
    text: string,
    isAssignable: boolean,
    known: Known = {},
  ): Name => (
    { kind, text: `${text}${k}`, isAssignable, ...known }
  );
  for (const each of ["ga", "gb"]) {
    const begin = literal(random, someNumber(random, most));
    add(name("number", each, true, { bound: most }), other`let ${each}${k} = ${begin};`);
  }
  const known = 1 + random.below(40);
  const isConstant = { isConstant: true };
  add(name("number", "N", false, { ...isConstant, bound: known }), other`const N${k} = ${known};`);
  const fields = random.many(3, () => someNumber(random, 2 ** 40));
  const [a, b, c] = fields.map((field) => literal(random, field));
  texts.push(other`const L${k} = { a: ${a!}, b: ${b!}, c: ${c!} } as const;`);
  fields.forEach((field, i) =>
    names.push({
      ...name("number", "L", false, { ...isConstant, bound: Math.abs(field) }),
      text: `L${k}.${"abc"[i]}`,
    })
  );
  const layout = Object.entries(FIELDS).map(([name, offset]) => `${name}: ${offset}`);
  texts.push(other`const R${k} = { ${layout.join(", ")} } as const;`);
  texts.push(other`type Record${k} = Structure<typeof R${k}>;`);
  const isTrue = random.pick(["true", "false"]);
  add(name("boolean", "t", true), other`let t${k} = ${isTrue};`);
  const big = { isWritable: true, length: BIG }, small = { isWritable: true, length: SMALL };
  const tiny = { isWritable: true, length: TINY };
  add(name("bytes", "B", false, big), other`const B${k} = new Uint8Array(${BIG});`);
  add(name("bytes", "D", false, small), other`const D${k} = new Uint8Array(${SMALL});`);
  add(name("bytes", "E", false, tiny), other`const E${k} = new Uint8Array(${TINY});`);
  add(name("bytes", "V", true, { isWritable: true }), other`let V${k}: Uint8Array = B${k};`);
  add(name("bytes", "W", true), other`let W${k}: Uint8Array = D${k};`);
  const isThere = random.pick(["undefined", `D${k}`]);
  const type = "Uint8Array | undefined";
  add(name("maybe", "M", true, { isWritable: true }), other`let M${k}: ${type} = ${isThere};`);
  add(name("string", "S", true), other`let S${k}: string = "so";`);
  return [names, texts];
}

/** The beginning of every file of programs. */
const PROLOGUE = `import { at, copy, part, put, u16, u32, utf8 } from "./outside.ts";
import { decimal } from "./bytes.ts";
import { stringAt } from "./caller.ts";
import { number, structure, type Structure } from "./decide/table.ts";
import * as table from "./decide/table.ts";
import { exit, write } from "./linux.ts";
const SPARE = new Uint8Array(3);
const shown = new Uint8Array(9);
let fuel = 0;
let shows = 0;
function begin(bytes: Uint8Array): void {
copy(bytes, 0, utf8("0123456789abcdefghijklmn"));
table.use(bytes);
fuel = 150;
shows = 100;
}
function same(x: number): number {
return x;
}
function emit(x: number): void {
if (shows <= 0) return;
shows -= 1;
put(shown, 0, x < 0 ? 1 : 0);
let low = x >>> 0;
let high = Math.trunc(x / 4294967296) >>> 0;
for (let i = 1; i <= 4; i++) {
put(shown, i, low);
put(shown, i + 4, high);
low >>>= 8;
high >>>= 8;
}
write(1, shown);
}
function show(bytes: Uint8Array): void {
emit(bytes.length);
if (shows > 0) write(1, bytes);
}
function tell(bytes: Uint8Array | undefined): void {
if (bytes === undefined) emit(-1);
else show(bytes);
}
function say(...words: (string | Uint8Array)[]): void {
for (const word of words) show(utf8(word));
}
function stop(status: number): never {
emit(status);
exit(64 | status & 31);
}
`;

/** Runs the programs in order, from the one that the first argument names. */
function main(programs: readonly RandomProgram[]): string {
  const cases = programs.map(({ run }, i) => `case ${i}:\n${run}();\nbreak;\n`).join("");
  return `function runOne(n: number): void {
switch (n) {
${cases}}
}
export function main(): void {
let first = 0;
for (const digit of stringAt(2)) first = first * 10 + digit - 48;
for (let n = first; n < ${programs.length}; n++) runOne(n);
}
`;
}

export function programFile(programs: readonly RandomProgram[]): Piece {
  const all = list(programs.map(({ declarations }) => declarations));
  return other`${PROLOGUE}${all}\n${main(programs)}`;
}
