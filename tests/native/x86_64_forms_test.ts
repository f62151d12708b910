import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Size } from "../../lib/native/language.ts";
import { forms } from "../../lib/native/x86_64_forms.ts";
import { test } from "../abilities.ts";
import { assertAssembles, combinations, random, range } from "./assembler.ts";

const NAMES64 = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split(" ");
const NAMES32 = [
  ..."eax ecx edx ebx esp ebp esi edi".split(" "),
  ...range(8).map((i) => `r${i + 8}d`),
];
const NAMES16 = [..."ax cx dx bx sp bp si di".split(" "), ...range(8).map((i) => `r${i + 8}w`)];
const NAMES8 = [
  ..."al cl dl bl spl bpl sil dil".split(" "),
  ...range(8).map((i) => `r${i + 8}b`),
];
const NAMES: Record<Size, readonly string[]> = { 1: NAMES8, 2: NAMES16, 4: NAMES32, 8: NAMES64 };

const LOAD: Record<Size, string> = { 1: "movzbl", 2: "movzwl", 4: "movl", 8: "movq" };

const ARITHMETIC = ["add", "or", "and", "sub", "xor", "cmp"] as const;

const RSP = 4;
const REGISTERS = range(16);
/** The registers that can be an index. */
const INDICES = REGISTERS.filter((index) => index !== RSP);
const SIZES: readonly Size[] = [1, 2, 4, 8];
const MIN = -(2 ** 31), MAX = 2 ** 31 - 1;
const EDGES = [0, 1, -1, 8, 127, 128, -128, -129, 255, 256, 32768, MAX - 1, MAX, MIN, MIN + 1];

const register = fc.constantFrom(...REGISTERS);
const i32 = fc.integer({ min: MIN, max: MAX });

const needs = ["binutils"] as const;

test({
  name: "x86_64 loads numbers as GNU as does",
  needs,
  async fn() {
    const u32 = [...EDGES.filter((n) => n >= 0), 2 ** 31, 2 ** 32 - 1];
    const u32s = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const movl = [...combinations(REGISTERS, u32), ...random(fc.tuple(register, u32s))];
    const movq = [...combinations(REGISTERS, EDGES), ...random(fc.tuple(register, i32))];
    const u64 = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
    const u64s = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const movabsq = [...combinations(REGISTERS, u64), ...random(fc.tuple(register, u64s))];
    await assertAssembles("x86_64", [
      ...movl.map(([to, value]) => ({
        bytes: forms.movl(to, value),
        syntax: `movl $${value}, %${NAMES32[to]}`,
      })),
      ...movq.map(([to, value]) => ({
        bytes: forms.movq(to, value),
        syntax: `movq $${value}, %${NAMES64[to]}`,
      })),
      ...movabsq.map(([to, value]) => ({
        bytes: forms.movabsq(to, value),
        syntax: `movabsq $${value}, %${NAMES64[to]}`,
      })),
    ]);
  },
});

test({
  name: "x86_64 computes with all registers as GNU as does",
  needs,
  async fn() {
    await assertAssembles("x86_64", [
      ...combinations([...ARITHMETIC, "mov", "test"] as const, REGISTERS, REGISTERS).map((
        [op, from, to],
      ) => ({
        bytes: forms.registers(op, from, to),
        syntax: `${op}q %${NAMES64[from]}, %${NAMES64[to]}`,
      })),
      ...combinations(REGISTERS, INDICES, REGISTERS).map(([base, index, to]) => ({
        bytes: forms.lea(base, index, to),
        syntax: `leaq (%${NAMES64[base]},%${NAMES64[index]}), %${NAMES64[to]}`,
      })),
      ...combinations(REGISTERS, REGISTERS).map(([from, to]) => ({
        bytes: forms.imul(from, to),
        syntax: `imulq %${NAMES64[from]}, %${NAMES64[to]}`,
      })),
      ...combinations(["shl", "shr", "sar"] as const, REGISTERS).map(([op, to]) => ({
        bytes: forms.shift(op, to),
        syntax: `${op}l %cl, %${NAMES32[to]}`,
      })),
      ...combinations(REGISTERS, REGISTERS).map(([from, to]) => ({
        bytes: forms.movslq(from, to),
        syntax: `movslq %${NAMES32[from]}, %${NAMES64[to]}`,
      })),
      { bytes: forms.cqto(), syntax: "cqto" },
      ...REGISTERS.map((by) => ({ bytes: forms.idiv(by), syntax: `idivq %${NAMES64[by]}` })),
    ]);
  },
});

test({
  name: "x86_64 computes with numbers as GNU as does",
  needs,
  async fn() {
    const values = [...EDGES, ...random(i32)];
    await assertAssembles("x86_64", [
      ...combinations(ARITHMETIC, values).map(([op, value]) => ({
        bytes: forms.immediate(op, value),
        syntax: `${op}q $${value}, %rax`,
      })),
      ...combinations(REGISTERS, values).map(([to, value]) => ({
        bytes: forms.imulImmediate(value, to),
        syntax: `imulq $${value}, %${NAMES64[to]}, %${NAMES64[to]}`,
      })),
    ]);
  },
});

test({
  name: "x86_64 computes with memory as GNU as does",
  needs,
  async fn() {
    await assertAssembles("x86_64", [
      ...combinations(ARITHMETIC, EDGES, REGISTERS, REGISTERS).map(([op, offset, base, to]) => ({
        bytes: forms.memory(op, offset, base, to),
        syntax: `${op}q ${offset}(%${NAMES64[base]}), %${NAMES64[to]}`,
      })),
      ...combinations(EDGES, EDGES, REGISTERS).map(([value, offset, base]) => ({
        bytes: forms.storeImmediate(value, offset, base),
        syntax: `movq $${value}, ${offset}(%${NAMES64[base]})`,
      })),
    ]);
  },
});

test({
  name: "x86_64 reads and writes memory as GNU as does",
  needs,
  async fn() {
    const operands = [
      ...combinations(SIZES, REGISTERS, REGISTERS, EDGES),
      ...random(fc.tuple(fc.constantFrom(...SIZES), register, register, i32)),
    ];
    const STORE: Record<Size, string> = { 1: "movb", 2: "movw", 4: "movl", 8: "movq" };
    await assertAssembles(
      "x86_64",
      operands.flatMap(([size, value, base, offset]) => {
        const memory = `${offset}(%${NAMES64[base]})`;
        const loaded = size === 8 ? NAMES64[value] : NAMES32[value];
        return [
          {
            bytes: forms.load(size, offset, base, value),
            syntax: `${LOAD[size]} ${memory}, %${loaded}`,
          },
          {
            bytes: forms.store(size, value, offset, base),
            syntax: `${STORE[size]} %${NAMES[size][value]}, ${memory}`,
          },
        ];
      }),
    );
  },
});

test({
  name: "x86_64 reads memory at the sum of all registers as GNU as does",
  needs,
  async fn() {
    await assertAssembles(
      "x86_64",
      combinations(SIZES, REGISTERS, INDICES, REGISTERS).map(([size, base, index, to]) => {
        const loaded = size === 8 ? NAMES64[to] : NAMES32[to];
        return {
          bytes: forms.loadIndexed(size, base, index, to),
          syntax: `${LOAD[size]} (%${NAMES64[base]},%${NAMES64[index]}), %${loaded}`,
        };
      }),
    );
  },
});

test({
  name: "x86_64 branches as GNU as does",
  needs,
  async fn() {
    const conditions = [
      ...["jb", "jae", "je", "jne", "jbe", "ja"] as const,
      ...["jl", "jge", "jle", "jg", "jo"] as const,
    ];
    // {disp32}: GNU as would choose short jumps.
    const edges = [...EDGES.filter((n) => n > MIN + 8), MIN + 6];
    const distances = [...edges, ...random(fc.integer({ min: MIN + 6, max: MAX }))];
    await assertAssembles("x86_64", [
      ...combinations(conditions, distances).map(([op, distance]) => ({
        bytes: forms.jcc(op, distance),
        syntax: `{disp32} ${op} . + ${distance}`,
      })),
      ...distances.flatMap((distance) => [
        { bytes: forms.jmp(distance), syntax: `{disp32} jmp . + ${distance}` },
        { bytes: forms.call(distance), syntax: `call . + ${distance}` },
      ]),
      { bytes: forms.ret(), syntax: "ret" },
      { bytes: forms.syscall(), syntax: "syscall" },
      { bytes: forms.ud2(), syntax: "ud2" },
    ]);
  },
});

Deno.test("x86_64 rejects registers, numbers and offsets out of range", () => {
  assertThrows(() => forms.movl(16, 0), RangeError, "register 16");
  assertThrows(() => forms.movl(-1, 0), RangeError, "register -1");
  assertThrows(() => forms.movl(0, -1), RangeError, "immediate -1");
  assertThrows(() => forms.movl(0, 2 ** 32), RangeError, "immediate 4294967296");
  assertThrows(() => forms.movl(0, 0.5), RangeError, "immediate 0.5");
  assertThrows(() => forms.movl(0, NaN), RangeError, "immediate NaN");
  assertThrows(() => forms.movq(0, MAX + 1), RangeError, "immediate 2147483648");
  assertThrows(() => forms.movq(0, MIN - 1), RangeError, "immediate -2147483649");
  assertThrows(() => forms.registers("add", 0, 16), RangeError, "register 16");
  assertThrows(() => forms.memory("add", 0, 16, 0), RangeError, "register 16");
  assertThrows(() => forms.memory("add", MAX + 1, 0, 0), RangeError, "offset 2147483648");
  assertThrows(() => forms.immediate("add", MAX + 1), RangeError, "immediate 2147483648");
  assertThrows(() => forms.imulImmediate(MIN - 1, 0), RangeError, "immediate -2147483649");
  assertThrows(() => forms.storeImmediate(MAX + 1, 0, 0), RangeError, "immediate 2147483648");
  assertThrows(() => forms.storeImmediate(0, 0, 16), RangeError, "register 16");
  assertThrows(() => forms.lea(0, RSP, 0), RangeError, "rsp as an index");
  assertThrows(() => forms.lea(16, 0, 0), RangeError, "register 16");
  assertThrows(() => forms.imul(16, 0), RangeError, "register 16");
  assertThrows(() => forms.shift("sar", 16), RangeError, "register 16");
  assertThrows(() => forms.movslq(16, 0), RangeError, "register 16");
  assertThrows(() => forms.movslq(0, 16), RangeError, "register 16");
  assertThrows(() => forms.idiv(16), RangeError, "register 16");
  assertThrows(() => forms.loadIndexed(8, 16, 0, 0), RangeError, "register 16");
  assertThrows(() => forms.loadIndexed(8, 0, 16, 0), RangeError, "register 16");
  assertThrows(() => forms.loadIndexed(8, 0, 0, 16), RangeError, "register 16");
  assertThrows(() => forms.loadIndexed(8, 0, RSP, 0), RangeError, "rsp as an index");
  assertThrows(() => forms.load(8, MAX + 1, 0, 0), RangeError, "offset 2147483648");
  assertThrows(() => forms.load(8, 0, 16, 0), RangeError, "register 16");
  assertThrows(() => forms.store(8, 0, MIN - 1, 0), RangeError, "offset -2147483649");
  assertThrows(() => forms.store(1, 16, 0, 0), RangeError, "register 16");
  for (const [form, size] of [[forms.jmp, 5], [forms.call, 5]] as const) {
    assertEquals(form(MAX + size).length, size);
    assertThrows(() => form(MAX + size + 1), RangeError, "distance");
    assertThrows(() => form(MIN + size - 1), RangeError, "distance");
  }
  assertThrows(() => forms.jcc("je", MAX + 7), RangeError, "distance");
  assertThrows(() => forms.jcc("je", MIN + 5), RangeError, "distance");
});
