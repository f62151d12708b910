/** Random programs as data, a plain interpreter for them, and their translation by Program. */
import fc from "fast-check";
import { imageOf } from "../../lib/native/elf_image.ts";
import type { Address, Host, Operand, Procedure, Variable } from "../../lib/native/program.ts";
import { type Comparison, Label, type Operator, type Size } from "../../lib/native/program.ts";
import { StructuredProgram } from "./structured_program.ts";

/** Variables that a random program computes with. */
const VARIABLES = 8;
/** Bytes of its memory; aarch64's loads and stores do not reach all offsets in it. */
const MEMORY = 40_000;
const PROCEDURES = 3;

/** A variable's index, or a number. */
type Value = { readonly variable: number } | { readonly number: bigint };

/** An address in memory: `base` plus the variable's low eight bits if there is one. */
interface Place {
  readonly base: number;
  readonly variable: number | undefined;
  readonly offset: number;
}

type Statement =
  | { readonly kind: "set"; readonly to: number; readonly value: Value }
  | {
    readonly kind: "do" | "do32";
    readonly to: number;
    readonly a: Value;
    readonly operator: Operator;
    readonly b: Value;
  }
  | {
    readonly kind: "doSafely";
    readonly to: number;
    readonly a: Value;
    readonly operator: SafeOperator;
    readonly b: Value;
    readonly otherwise: readonly Statement[];
  }
  | {
    readonly kind: "read";
    readonly to: number;
    readonly size: Size;
    readonly place: Place;
    /** How the offset is given. */
    readonly as: "offset" | "number" | "variable";
  }
  | { readonly kind: "write"; readonly size: Size; readonly place: Place; readonly value: Value }
  | {
    readonly kind: "if";
    readonly a: Value;
    readonly comparison: Comparison;
    readonly b: Value;
    readonly then: readonly Statement[];
    readonly otherwise: readonly Statement[] | undefined;
  }
  /** A branch past the body. */
  | {
    readonly kind: "branchIf" | "branchUnless";
    readonly a: Value;
    readonly comparison: Comparison;
    readonly b: Value;
    readonly body: readonly Statement[];
  }
  /** The loops count their turns. */
  | { readonly kind: "while"; readonly turns: number; readonly body: readonly Statement[] }
  | { readonly kind: "loop"; readonly turns: number; readonly body: readonly Statement[] }
  | { readonly kind: "leave" | "again" | "return" }
  | { readonly kind: "call"; readonly procedure: number; readonly args: readonly Value[] };

interface RandomProcedure {
  readonly parameters: readonly number[];
  readonly body: readonly Statement[];
}

export interface RandomProgram {
  readonly procedures: readonly RandomProcedure[];
  readonly entry: readonly Statement[];
}

type SafeOperator = "+" | "-" | "*";

export const SAFE_OPERATORS: readonly SafeOperator[] = ["+", "-", "*"];
export const OPERATORS: readonly Operator[] = [
  ...SAFE_OPERATORS,
  ...["&", "|", "^", "/", "%", "<<", ">>", ">>>"] as const,
];
export const COMPARISONS: readonly Comparison[] = [
  ...["==", "!=", "<", "<=", ">", ">="] as const,
  ...["s<", "s<=", "s>", "s>="] as const,
];

/** 64-bit numbers around powers of two, each once. */
export const EDGES: readonly bigint[] = [
  ...new Set(
    [0, 1, 7, 8, 15, 16, 31, 32, 53, 63].flatMap((n) => {
      const power = 1n << BigInt(n);
      const around = [power - 1n, power, power + 1n];
      return [...around, ...around.map((edge) => -edge)].map((edge) => BigInt.asUintN(64, edge));
    }),
  ),
];

const variable = fc.nat({ max: VARIABLES - 1 });
const number = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.record({ variable }),
  number.map((number) => ({ number })),
);
const size = fc.constantFrom<Size>(1, 2, 4, 8);
/** The offset is also negative; with the variable's low bits all stays in memory. */
const place: fc.Arbitrary<Place> = fc.record({
  base: fc.constantFrom(0, 8, 300, 4096, 20_000, MEMORY - 300),
  variable: fc.option(variable, { nil: undefined }),
  address: fc.oneof(
    fc.nat({ max: 300 }),
    fc.constantFrom(4095, 4096, 8190, 16380, 32760, 32761),
    fc.nat({ max: MEMORY - 300 }),
  ),
}).map(({ base, variable, address }) => ({ base, variable, offset: address - base }));

const MINUS_ONE = 2n ** 64n - 1n;

const calculation = fc.record({
  kind: fc.constantFrom("do" as const, "do32" as const),
  to: variable,
  a: value,
  operator: fc.constantFrom(...OPERATORS),
  b: value,
}).map((s) => {
  if (s.operator !== "/" && s.operator !== "%") return s;
  // A number, unlike a variable, surely has a quotient.
  const divisor = "number" in s.b ? s.b.number : BigInt(s.b.variable);
  return { ...s, b: { number: divisor === 0n || divisor === MINUS_ONE ? 7n : divisor } };
});

const simple: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), to: variable, value }),
  calculation,
  fc.record({
    kind: fc.constant("read" as const),
    to: variable,
    size,
    place,
    as: fc.constantFrom("offset" as const, "number" as const, "variable" as const),
  }),
  fc.record({ kind: fc.constant("write" as const), size, place, value }),
);

/** Statements inside of `loops` loops, which may call procedures before `procedure`. */
function statements(depth: number, loops: number, procedure: number): fc.Arbitrary<Statement[]> {
  const jumps = [
    ...(loops > 0 ? ["leave" as const, "again" as const] : []),
    ...(procedure < PROCEDURES ? ["return" as const] : []),
  ].map((kind) => ({ weight: 1, arbitrary: fc.constant<Statement>({ kind }) }));
  const call = fc.record({
    kind: fc.constant("call" as const),
    procedure: fc.nat({ max: Math.max(procedure - 1, 0) }),
    args: fc.array(value, { minLength: 6, maxLength: 6 }),
  });
  const calls = procedure > 0 ? [{ weight: 2, arbitrary: call }] : [];
  const inner = (moreLoops: number) => statements(depth - 1, loops + moreLoops, procedure);
  const blocks = depth === 0 ? [] : [
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("if" as const),
        a: value,
        comparison: fc.constantFrom(...COMPARISONS),
        b: value,
        then: inner(0),
        otherwise: fc.option(inner(0), { nil: undefined }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("doSafely" as const),
        to: variable,
        a: value,
        operator: fc.constantFrom(...SAFE_OPERATORS),
        b: value,
        otherwise: inner(0),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom("branchIf" as const, "branchUnless" as const),
        a: value,
        comparison: fc.constantFrom(...COMPARISONS),
        b: value,
        body: inner(0),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom("while" as const, "loop" as const),
        turns: fc.integer({ min: 0, max: 4 }),
        body: inner(1),
      }),
    },
  ];
  const one = fc.oneof({ weight: 8, arbitrary: simple }, ...jumps, ...calls, ...blocks);
  return fc.array<Statement>(one, { maxLength: 8 });
}

const procedure = (index: number): fc.Arbitrary<RandomProcedure> =>
  fc.record({
    parameters: fc.uniqueArray(variable, { maxLength: 6 }),
    body: statements(2, 0, index),
  });

export const randomProgram: fc.Arbitrary<RandomProgram> = fc.record({
  procedures: fc.tuple(procedure(0), procedure(1), procedure(2)),
  entry: statements(3, 0, PROCEDURES),
});

/** The variables, 8 bytes each, and the memory after the program ran. */
export function interpret(program: RandomProgram): Uint8Array {
  const result = new Uint8Array(8 * VARIABLES + MEMORY);
  const view = new DataView(result.buffer);
  const get = (v: Value) => "number" in v ? v.number : view.getBigUint64(8 * v.variable, true);
  const set = (to: number, n: bigint) => view.setBigUint64(8 * to, BigInt.asUintN(64, n), true);
  const at = ({ base, variable, offset }: Place) =>
    8 * VARIABLES + base + offset +
    (variable === undefined ? 0 : Number(get({ variable }) & 0xffn));

  /** Runs statements until one leaves the list, and returns its kind. */
  const run = (list: readonly Statement[]): "leave" | "again" | "return" | undefined => {
    for (const s of list) {
      const left = step(s);
      if (left !== undefined) return left;
    }
  };
  const step = (s: Statement): "leave" | "again" | "return" | undefined => {
    switch (s.kind) {
      case "set":
        return void set(s.to, get(s.value));
      case "do":
        return void set(s.to, calculate(get(s.a), s.operator, get(s.b)));
      case "do32":
        return void set(s.to, BigInt.asIntN(32, calculate(get(s.a), s.operator, get(s.b))));
      case "doSafely": {
        const safe = calculateSafely(get(s.a), s.operator, get(s.b));
        return safe === undefined ? run(s.otherwise) : void set(s.to, safe);
      }
      case "branchIf":
      case "branchUnless": {
        const holds = compare(get(s.a), s.comparison, get(s.b));
        return holds === (s.kind === "branchIf") ? undefined : run(s.body);
      }
      case "read": {
        const bytes = result.slice(at(s.place), at(s.place) + s.size);
        return void set(s.to, bytes.reduceRight((n, byte) => n << 8n | BigInt(byte), 0n));
      }
      case "write":
        for (let i = 0, n = get(s.value), to = at(s.place); i < s.size; i++, n >>= 8n) {
          result[to + i] = Number(n & 0xffn);
        }
        return;
      case "if":
        return run(compare(get(s.a), s.comparison, get(s.b)) ? s.then : s.otherwise ?? []);
      case "while":
      case "loop":
        for (let turn = 0; turn < s.turns; turn++) {
          const left = run(s.body);
          if (left === "return") return left;
          if (left === "leave") break;
        }
        return;
      case "call": {
        const { parameters, body } = program.procedures[s.procedure]!;
        const args = parameters.map((_, i) => get(s.args[i]!));
        parameters.forEach((parameter, i) => set(parameter, args[i]!));
        run(body);
        return;
      }
      default:
        return s.kind;
    }
  };
  run(program.entry);
  return result;
}

export function calculate(a: bigint, operator: Operator, b: bigint): bigint {
  const count = b & 31n;
  const signed = (n: bigint) => BigInt.asIntN(64, n);
  const all: Record<Operator, () => bigint> = {
    "+": () => a + b,
    "-": () => a - b,
    "*": () => a * b,
    "&": () => a & b,
    "|": () => a | b,
    "^": () => a ^ b,
    "/": () => signed(a) / signed(b),
    "%": () => signed(a) % signed(b),
    "<<": () => BigInt.asIntN(32, a << count),
    ">>": () => BigInt.asIntN(32, a) >> count,
    ">>>": () => BigInt.asUintN(32, a) >> count,
  };
  return BigInt.asUintN(64, all[operator]());
}

/** The result, if it is a safe integer. Products are exact, the others wrap at 64 bits. */
export function calculateSafely(a: bigint, operator: SafeOperator, b: bigint): bigint | undefined {
  const result = operator === "*"
    ? BigInt.asIntN(64, a) * BigInt.asIntN(64, b)
    : BigInt.asIntN(64, calculate(a, operator, b));
  return Number.isSafeInteger(Number(result)) ? BigInt.asUintN(64, result) : undefined;
}

export function compare(a: bigint, comparison: Comparison, b: bigint): boolean {
  const signedA = BigInt.asIntN(64, a), signedB = BigInt.asIntN(64, b);
  const all: Record<Comparison, boolean> = {
    "==": a === b,
    "!=": a !== b,
    "<": a < b,
    "<=": a <= b,
    ">": a > b,
    ">=": a >= b,
    "s<": signedA < signedB,
    "s<=": signedA <= signedB,
    "s>": signedA > signedB,
    "s>=": signedA >= signedB,
  };
  return all[comparison];
}

/** An image of the program, which prints its variables and its memory at the end. */
export function translate(program: RandomProgram, host: Host): Uint8Array {
  return new Translation(host).image(program);
}

class Translation {
  readonly #p: StructuredProgram;
  readonly #variables: readonly Variable[];
  readonly #pointer: Variable;
  readonly #index: Variable;
  readonly #memory: Address;
  readonly #procedures: Procedure[] = [];
  #counters = 0;

  constructor(host: Host) {
    const p = this.#p = new StructuredProgram(host);
    // Slots far apart: x86_64 reaches the first 32 with shorter instructions.
    const slots = Array.from({ length: 6 * VARIABLES }, (_, i) => p.variable(`v${i}`));
    this.#variables = slots.filter((_, i) => i % 6 === 0);
    this.#pointer = p.variable("pointer");
    this.#index = p.variable("index");
    this.#memory = p.buffer("memory", MEMORY);
  }

  image({ procedures, entry }: RandomProgram): Uint8Array {
    procedures.forEach(({ parameters, body }, i) => {
      const own = parameters.map((parameter) => this.#variables[parameter]!);
      this.#procedures.push(this.#p.procedure(`procedure${i}`, own, () => this.#all(body)));
    });
    const main = this.#p.procedure("main", [], () => this.#all(entry));
    enter(this.#p, main, this.#variables, this.#memory);
    return imageOf(this.#p.code());
  }

  #all(list: readonly Statement[]): void {
    for (const s of list) this.#write(s);
  }

  #write(s: Statement): void {
    const p = this.#p;
    switch (s.kind) {
      case "set":
        return p.set(this.#variables[s.to]!, this.#operand(s.value));
      case "do":
      case "do32": {
        const to = this.#variables[s.to]!;
        return p[s.kind](to, this.#operand(s.a), s.operator, this.#operand(s.b));
      }
      case "read":
        return this.#read(s);
      case "write": {
        const { size, place, value } = s;
        return p.write(size, this.#address(place), this.#operand(value), place.offset);
      }
      case "doSafely":
      case "branchIf":
      case "branchUnless":
      case "if":
        return this.#choose(s);
      case "while":
      case "loop":
        return this.#repeat(s);
      case "call": {
        const callee = this.#procedures[s.procedure]!;
        return p.call(callee, ...callee.parameters.map((_, i) => this.#operand(s.args[i]!)));
      }
      default:
        return p[s.kind]();
    }
  }

  #read({ to, size, place, as }: Statement & { kind: "read" }): void {
    const variable = this.#variables[to]!;
    if (as === "variable") this.#p.set(this.#index, place.offset);
    const base = this.#address(place);
    if (as === "offset") return this.#p.read(variable, size, base, place.offset);
    this.#p.readIndexed(variable, size, base, as === "number" ? place.offset : this.#index);
  }

  #choose(s: Statement & { kind: "doSafely" | "branchIf" | "branchUnless" | "if" }): void {
    const p = this.#p, a = this.#operand(s.a), b = this.#operand(s.b);
    if (s.kind === "if") {
      const { then, otherwise } = s;
      const other = otherwise && (() => this.#all(otherwise));
      return p.if(a, s.comparison, b, () => this.#all(then), other);
    }
    if (s.kind === "doSafely") {
      const otherwise = new Label(), end = new Label();
      p.doSafely(this.#variables[s.to]!, a, s.operator, b, otherwise);
      p.jump(end);
      p.mark(otherwise);
      this.#all(s.otherwise);
      return p.mark(end);
    }
    const label = new Label();
    p[s.kind](a, s.comparison, b, label);
    this.#all(s.body);
    p.mark(label);
  }

  #repeat({ kind, turns, body }: Statement & { kind: "while" | "loop" }): void {
    const p = this.#p, turn = p.variable(`counter${this.#counters++}`);
    p.set(turn, 0);
    const once = () => {
      p.do(turn, turn, "+", 1);
      this.#all(body);
    };
    if (kind === "while") return p.while(turn, "<", turns, once);
    p.loop(() => {
      p.if(turn, "==", turns, () => p.leave());
      once();
    });
  }

  #operand(value: Value): Operand {
    return "number" in value ? value.number : this.#variables[value.variable]!;
  }

  #address({ base, variable }: Place): Operand {
    if (base === 0 && variable === undefined) return this.#memory;
    const p = this.#p, pointer = this.#pointer;
    if (variable === undefined) p.set(pointer, this.#memory);
    else {
      p.do(pointer, this.#variables[variable]!, "&", 0xff);
      p.do(pointer, pointer, "+", this.#memory);
    }
    p.do(pointer, pointer, "+", base);
    return pointer;
  }
}

/** The entry: calls the procedure, then writes the variables and the memory. */
function enter(
  p: StructuredProgram,
  main: Procedure,
  variables: readonly Variable[],
  memory: Address,
) {
  const result = p.variable("result"), output = p.buffer("output", 8 * VARIABLES);
  p.entry(result, () => {
    p.call(main);
    variables.forEach((variable, i) => p.write(8, output, variable, 8 * i));
    p.syscall(result, "write", 1, output, 8 * VARIABLES);
    p.syscall(result, "write", 1, memory, MEMORY);
    p.syscall(result, "exit_group", 0);
  });
}
