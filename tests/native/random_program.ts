/**
 * What programs mean, said a second time: random programs as data, a plain interpreter for them,
 * and their translation by Program.
 */
import fc from "fast-check";
import type { Comparison, Operand, Operator, Procedure, Size } from "../../lib/native/program.ts";
import { type Address, Program, type Target, type Variable } from "../../lib/native/program.ts";

/** Variables that a random program computes with. */
const VARIABLES = 8;
/** Bytes of its memory: offsets beyond what aarch64's loads and stores reach are needed. */
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
    readonly kind: "do";
    readonly to: number;
    readonly a: Value;
    readonly operator: Operator;
    readonly b: Value;
  }
  | { readonly kind: "read"; readonly to: number; readonly size: Size; readonly place: Place }
  | { readonly kind: "write"; readonly size: Size; readonly place: Place; readonly value: Value }
  | {
    readonly kind: "if";
    readonly a: Value;
    readonly comparison: Comparison;
    readonly b: Value;
    readonly then: readonly Statement[];
    readonly otherwise: readonly Statement[] | undefined;
  }
  /** `turns` at most: the loops count them. */
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

export const OPERATORS: readonly Operator[] = ["+", "-", "*", "&", "|", "^", "<<", ">>"];
export const COMPARISONS: readonly Comparison[] = ["==", "!=", "<", "<=", ">", ">="];

/** 64-bit numbers, many of them where something changes. */
export const EDGES: readonly bigint[] = [0, 1, 7, 8, 15, 16, 31, 32, 63, 64].flatMap((n) => {
  const power = 1n << BigInt(n);
  return [power - 1n, power, power + 1n, -power].map((edge) => BigInt.asUintN(64, edge));
});

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

const shift = (operator: Operator) => operator === "<<" || operator === ">>";

const calculation = fc.record({
  kind: fc.constant("do" as const),
  to: variable,
  a: value,
  operator: fc.constantFrom(...OPERATORS),
  b: value,
}).map((s) => shift(s.operator) && "number" in s.b ? { ...s, b: { number: s.b.number & 63n } } : s);

const simple: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), to: variable, value }),
  calculation,
  fc.record({ kind: fc.constant("read" as const), to: variable, size, place }),
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

/** What a program leaves in its variables and its memory: 8 bytes each, then the memory. */
export function interpret(program: RandomProgram): Uint8Array {
  const result = new Uint8Array(8 * VARIABLES + MEMORY);
  const view = new DataView(result.buffer);
  const get = (v: Value) => "number" in v ? v.number : view.getBigUint64(8 * v.variable, true);
  const set = (to: number, n: bigint) => view.setBigUint64(8 * to, BigInt.asUintN(64, n), true);
  const at = ({ base, variable, offset }: Place) =>
    8 * VARIABLES + base + offset +
    (variable === undefined ? 0 : Number(get({ variable }) & 0xffn));

  /** Runs until something leaves the list, and says what. */
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
  const count = b & 63n;
  const all: Record<Operator, bigint> = {
    "+": a + b,
    "-": a - b,
    "*": a * b,
    "&": a & b,
    "|": a | b,
    "^": a ^ b,
    "<<": a << count,
    ">>": a >> count,
  };
  return BigInt.asUintN(64, all[operator]);
}

export function compare(a: bigint, comparison: Comparison, b: bigint): boolean {
  const all: Record<Comparison, boolean> = {
    "==": a === b,
    "!=": a !== b,
    "<": a < b,
    "<=": a <= b,
    ">": a > b,
    ">=": a >= b,
  };
  return all[comparison];
}

/** The same program as an image that writes what it leaves to its standard output. */
export function translate(program: RandomProgram, target: Target): Uint8Array {
  const p = new Program(target);
  const variables = Array.from({ length: VARIABLES }, (_, i) => p.variable(`v${i}`));
  const pointer = p.variable("pointer"), memory = p.buffer("memory", MEMORY);
  const procedures: Procedure[] = [];
  const operand = (v: Value): Operand => "number" in v ? v.number : variables[v.variable]!;
  const address = ({ base, variable }: Place): Operand => {
    if (base === 0 && variable === undefined) return memory;
    p.do(pointer, variable === undefined ? 0 : variables[variable]!, "&", 0xff);
    p.do(pointer, pointer, "+", base);
    p.do(pointer, pointer, "+", memory);
    return pointer;
  };
  let counters = 0;
  const counter = () => {
    const counter = p.variable(`counter${counters++}`);
    p.set(counter, 0);
    return counter;
  };
  const write = (s: Statement): void => {
    switch (s.kind) {
      case "set":
        return p.set(variables[s.to]!, operand(s.value));
      case "do":
        return p.do(variables[s.to]!, operand(s.a), s.operator, operand(s.b));
      case "read":
        return p.read(variables[s.to]!, s.size, address(s.place), s.place.offset);
      case "write":
        return p.write(s.size, address(s.place), operand(s.value), s.place.offset);
      case "if": {
        const { otherwise } = s;
        const other = otherwise && (() => otherwise.forEach(write));
        return p.if(operand(s.a), s.comparison, operand(s.b), () => s.then.forEach(write), other);
      }
      case "while": {
        const turn = counter();
        return p.while(turn, "<", s.turns, () => {
          p.do(turn, turn, "+", 1);
          s.body.forEach(write);
        });
      }
      case "loop": {
        const turn = counter();
        return p.loop(() => {
          p.if(turn, "==", s.turns, () => p.leave());
          p.do(turn, turn, "+", 1);
          s.body.forEach(write);
        });
      }
      case "call": {
        const callee = procedures[s.procedure]!;
        return p.call(callee, ...callee.parameters.map((_, i) => operand(s.args[i]!)));
      }
      default:
        return p[s.kind]();
    }
  };
  program.procedures.forEach(({ parameters, body }, i) => {
    const own = parameters.map((parameter) => variables[parameter]!);
    procedures.push(p.procedure(`procedure${i}`, own, () => body.forEach(write)));
  });
  const main = p.procedure("main", [], () => program.entry.forEach(write));
  enter(p, main, variables, memory);
  return p.image();
}

/** The entry: calls the procedure, then writes the variables and the memory. */
function enter(p: Program, main: Procedure, variables: readonly Variable[], memory: Address) {
  const result = p.variable("result"), output = p.buffer("output", 8 * VARIABLES);
  p.entry(result, () => {
    p.call(main);
    variables.forEach((variable, i) => p.write(8, output, variable, 8 * i));
    p.syscall(result, "write", 1, output, 8 * VARIABLES);
    p.syscall(result, "write", 1, memory, MEMORY);
    p.syscall(result, "exit_group", 0);
  });
}
