import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { aarch64, forms } from "../../lib/native/aarch64.ts";
import { Code, Label } from "../../lib/native/code.ts";
import type { Size } from "../../lib/native/language.ts";
import { test } from "../abilities.ts";
import { assertAssembles, combinations, range } from "./assembler.ts";

const SEED = 20261122;

const REGISTERS = range(31);
const SIZES: readonly Size[] = [1, 2, 4, 8];
const OPS = ["add", "sub", "mul", "and", "orr", "eor", "lsl", "lsr"] as const;
const CONDITIONS = ["eq", "ne", "hs", "lo", "hi", "ls"] as const;

const register = fc.constantFrom(...REGISTERS);
const size = fc.constantFrom(...SIZES);

function random<T>(arbitrary: fc.Arbitrary<T>): T[] {
  return fc.sample(arbitrary, { seed: SEED, numRuns: 1000 });
}

const needs = ["binutils-aarch64"] as const;

test({
  name: "aarch64 moves 16 bits into all registers as GNU as does",
  needs,
  fn() {
    const ops = ["movn", "movz", "movk"] as const;
    const values = [0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff];
    const operands = [
      ...combinations(ops, REGISTERS, values, range(4)),
      ...random(
        fc.tuple(fc.constantFrom(...ops), register, fc.nat({ max: 0xffff }), fc.nat({ max: 3 })),
      ),
    ];
    assertAssembles(
      "aarch64",
      operands.map(([op, d, value, half]) => ({
        bytes: forms.move(op, d, value, half),
        syntax: `${op} x${d}, #${value}, lsl #${16 * half}`,
      })),
    );
  },
});

test({
  name: "aarch64 computes with all registers as GNU as does",
  needs,
  fn() {
    assertAssembles("aarch64", [
      ...combinations(OPS, REGISTERS, REGISTERS, REGISTERS).map(([op, d, n, m]) => ({
        bytes: forms.registers(op, d, n, m),
        syntax: `${op} x${d}, x${n}, x${m}`,
      })),
      ...combinations(REGISTERS, REGISTERS).map(([n, m]) => ({
        bytes: forms.cmp(n, m),
        syntax: `cmp x${n}, x${m}`,
      })),
      ...REGISTERS.map((d) => ({ bytes: forms.movSp(d), syntax: `mov x${d}, sp` })),
    ]);
  },
});

/** Mnemonic's end and the register that is read or written. */
const suffix = (size: Size) => size === 1 ? "b" : size === 2 ? "h" : "";
const half = (size: Size, t: number) => `${size === 8 ? "x" : "w"}${t}`;

test({
  name: "aarch64 reads and writes memory at a fixed offset as GNU as does",
  needs,
  fn() {
    const units = [0, 1, 2, 255, 256, 2047, 2048, 4094, 4095];
    const operands = [
      ...combinations(SIZES, REGISTERS, REGISTERS, units),
      ...random(fc.tuple(size, register, register, fc.nat({ max: 4095 }))),
    ];
    assertAssembles(
      "aarch64",
      operands.flatMap(([size, t, n, unit]) => {
        const rest = `${suffix(size)} ${half(size, t)}, [x${n}, #${unit * size}]`;
        return [
          { bytes: forms.load(size, t, n, unit * size), syntax: `ldr${rest}` },
          { bytes: forms.store(size, t, n, unit * size), syntax: `str${rest}` },
        ];
      }),
    );
  },
});

test({
  name: "aarch64 reads and writes memory at an offset in a register as GNU as does",
  needs,
  fn() {
    const some = [0, 1, 7, 8, 9, 15, 16, 19, 29, 30];
    const operands = [
      ...combinations(SIZES, some, some, some),
      ...random(fc.tuple(size, register, register, register)),
    ];
    assertAssembles(
      "aarch64",
      operands.flatMap(([size, t, n, m]) => {
        const rest = `${suffix(size)} ${half(size, t)}, [x${n}, x${m}]`;
        return [
          { bytes: forms.loadIndexed(size, t, n, m), syntax: `ldr${rest}` },
          { bytes: forms.storeIndexed(size, t, n, m), syntax: `str${rest}` },
        ];
      }),
    );
  },
});

test({
  name: "aarch64 branches as GNU as does",
  needs,
  fn() {
    const inWords = (bits: number) => [
      ...[0, 1, -1, 2, 2 ** (bits - 1) - 1, -(2 ** (bits - 1))],
      ...random(fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })),
    ];
    assertAssembles("aarch64", [
      ...combinations(CONDITIONS, inWords(19)).map(([op, words]) => ({
        bytes: forms.bcond(op, 4 * words),
        syntax: `b.${op} . + ${4 * words}`,
      })),
      ...inWords(26).flatMap((words) => [
        { bytes: forms.b(4 * words), syntax: `b . + ${4 * words}` },
        { bytes: forms.bl(4 * words), syntax: `bl . + ${4 * words}` },
      ]),
      { bytes: forms.ret(), syntax: "ret" },
      { bytes: forms.svc(), syntax: "svc #0" },
      { bytes: forms.udf(), syntax: "udf #0" },
    ]);
  },
});

Deno.test("aarch64 rejects registers, numbers, offsets and distances out of range", () => {
  const rejects = (fn: () => unknown, said: string) => assertThrows(fn, RangeError, said);
  rejects(() => forms.move("movz", 31, 0, 0), "register 31");
  rejects(() => forms.move("movz", 0, 0x1_0000, 0), "immediate 65536");
  rejects(() => forms.move("movz", 0, -1, 0), "immediate -1");
  rejects(() => forms.move("movz", 0, 0, 4), "half 4");
  rejects(() => forms.registers("add", 31, 0, 0), "register 31");
  rejects(() => forms.registers("add", 0, -1, 0), "register -1");
  rejects(() => forms.registers("add", 0, 0, 31), "register 31");
  rejects(() => forms.cmp(31, 0), "register 31");
  rejects(() => forms.movSp(31), "register 31");
  for (const size of SIZES) {
    for (const form of [forms.load, forms.store]) {
      rejects(() => form(size, 0, 0, 4096 * size), "offset");
      rejects(() => form(size, 0, 0, -size), "offset");
      if (size > 1) rejects(() => form(size, 0, 0, size / 2), "offset");
      rejects(() => form(size, 31, 0, 0), "register 31");
      rejects(() => form(size, 0, 31, 0), "register 31");
    }
    rejects(() => forms.loadIndexed(size, 0, 0, 31), "register 31");
    rejects(() => forms.storeIndexed(size, 31, 0, 0), "register 31");
  }
  rejects(() => forms.bcond("eq", 2 ** 20), "distance 1048576");
  rejects(() => forms.bcond("eq", -(2 ** 20) - 4), "distance");
  for (const form of [forms.b, forms.bl]) {
    rejects(() => form(2 ** 27), "distance 134217728");
    rejects(() => form(-(2 ** 27) - 4), "distance");
    rejects(() => form(2), "distance 2");
  }
});

Deno.test("aarch64 loads a number with as few instructions as movz, movn and movk allow", () => {
  const count = (value: bigint) => {
    const code = new Code();
    aarch64.number(code, 0, BigInt.asUintN(64, value));
    return code.size / 4;
  };
  assertEquals([0n, 1n, 0xffff_0000n, -1n, -4095n, 1n << 63n].map(count), [1, 1, 1, 1, 1, 1]);
  assertEquals([0x1_0001n, ~0x1_0001n, 1n << 63n | 1n].map(count), [2, 2, 2]);
  assertEquals([0x1234_5678_9abc_def0n, 0xffff_0001_0002_0003n].map(count), [4, 3]);
});

Deno.test("aarch64 reaches offsets that its loads and stores do not", () => {
  const size = (offset: number) => {
    const code = new Code();
    aarch64.load(code, 4, offset);
    aarch64.store(code, 4, offset);
    return code.size / 8;
  };
  assertEquals([0, 4, 4 * 4095].map(size), [1, 1, 1]);
  assertEquals([1, -4, 4 * 4096, 2 ** 31 - 1, -(2 ** 31)].map(size), [2, 2, 2, 3, 3]);
  const code = new Code();
  assertThrows(() => aarch64.load(code, 4, 2 ** 31), RangeError, "offset 2147483648");
  assertThrows(() => aarch64.store(code, 4, -(2 ** 31) - 1), RangeError, "offset -2147483649");
  assertThrows(() => aarch64.load(code, 4, 0.5), RangeError, "offset 0.5");
});

Deno.test("aarch64 rejects an address of 4 GiB and beyond", () => {
  const code = new Code(), label = new Label();
  aarch64.address(code, 0, label);
  label.address = 2 ** 32 - 1;
  assertEquals(
    [...code.finish(0)],
    [...forms.move("movz", 0, 0xffff, 0), ...forms.move("movk", 0, 0xffff, 1)],
  );
  label.address = 2 ** 32;
  assertThrows(() => code.finish(0), RangeError, "address 4294967296");
});
