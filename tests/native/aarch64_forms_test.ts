import { assertThrows } from "@std/assert";
import fc from "fast-check";
import { forms } from "../../lib/native/aarch64_forms.ts";
import type { Size } from "../../lib/native/language.ts";
import { test } from "../abilities.ts";
import { assertAssembles, combinations, random, range } from "./assembler.ts";

const REGISTERS = range(31);
const SOME = [0, 1, 7, 8, 9, 15, 16, 19, 29, 30];
const SIZES: readonly Size[] = [1, 2, 4, 8];
const SHIFTS = ["lsl", "lsr", "asr"] as const;
const OPS = ["add", "sub", "mul", "and", "orr", "eor", "sdiv", "smulh"] as const;
const CONDITIONS = ["eq", "ne", "hs", "lo", "hi", "ls", "ge", "lt", "gt", "le"] as const;

const register = fc.constantFrom(...REGISTERS);
const size = fc.constantFrom(...SIZES);

const needs = ["binutils-aarch64"] as const;

test({
  name: "aarch64 moves 16 bits into all registers as GNU as does",
  needs,
  async fn() {
    const ops = ["movn", "movz", "movk"] as const;
    const values = [0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff];
    const operands = [
      ...combinations(ops, REGISTERS, values, range(4)),
      ...random(
        fc.tuple(fc.constantFrom(...ops), register, fc.nat({ max: 0xffff }), fc.nat({ max: 3 })),
      ),
    ];
    await assertAssembles(
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
  async fn() {
    await assertAssembles("aarch64", [
      ...combinations(OPS, REGISTERS, REGISTERS, REGISTERS).map(([op, d, n, m]) => ({
        bytes: forms.registers(op, d, n, m),
        syntax: `${op} x${d}, x${n}, x${m}`,
      })),
      ...combinations(SHIFTS, REGISTERS, REGISTERS, REGISTERS).map(([op, d, n, m]) => ({
        bytes: forms.shift(op, d, n, m),
        syntax: `${op} w${d}, w${n}, w${m}`,
      })),
      ...[
        ...combinations(SOME, SOME, SOME, SOME),
        ...random(fc.tuple(register, register, register, register)),
      ].map(([d, n, m, a]) => ({
        bytes: forms.msub(d, n, m, a),
        syntax: `msub x${d}, x${n}, x${m}, x${a}`,
      })),
      ...combinations(REGISTERS, REGISTERS).flatMap(([n, m]) => [
        { bytes: forms.cmp(n, m), syntax: `cmp x${n}, x${m}` },
        { bytes: forms.cmpSign(n, m), syntax: `cmp x${n}, x${m}, asr #63` },
        { bytes: forms.sxtw(n, m), syntax: `sxtw x${n}, w${m}` },
      ]),
      ...REGISTERS.map((d) => ({ bytes: forms.movSp(d), syntax: `mov x${d}, sp` })),
    ]);
  },
});

test({
  name: "aarch64 computes with numbers as GNU as does",
  needs,
  async fn() {
    const values = [0, 1, 2, 0x7ff, 0x800, 0xffe, 0xfff, ...random(fc.nat({ max: 0xfff }))];
    await assertAssembles("aarch64", [
      ...combinations(["add", "sub"] as const, SOME, SOME, values).map(([op, d, n, value]) => ({
        bytes: forms.immediate(op, d, n, value),
        syntax: `${op} x${d}, x${n}, #${value}`,
      })),
      ...combinations(["cmp", "cmn"] as const, REGISTERS, values).map(([op, n, value]) => ({
        bytes: forms.cmpImmediate(op, n, value),
        syntax: `${op} x${n}, #${value}`,
      })),
    ]);
  },
});

/** The end of the mnemonic, and the name of the register. */
const suffix = (size: Size) => size === 1 ? "b" : size === 2 ? "h" : "";
const named = (size: Size, t: number) => `${size === 8 ? "x" : "w"}${t}`;

test({
  name: "aarch64 reads and writes memory at a fixed offset as GNU as does",
  needs,
  async fn() {
    const units = [0, 1, 2, 255, 256, 2047, 2048, 4094, 4095];
    const operands = [
      ...combinations(SIZES, REGISTERS, REGISTERS, units),
      ...random(fc.tuple(size, register, register, fc.nat({ max: 4095 }))),
    ];
    await assertAssembles("aarch64", [
      ...operands.flatMap(([size, t, n, unit]) => {
        const rest = `${suffix(size)} ${named(size, t)}, [x${n}, #${unit * size}]`;
        return [
          { bytes: forms.load(size, t, n, unit * size), syntax: `ldr${rest}` },
          { bytes: forms.store(size, t, n, unit * size), syntax: `str${rest}` },
        ];
      }),
      ...combinations(REGISTERS, units).map(([n, unit]) => ({
        bytes: forms.storeZero(n, 8 * unit),
        syntax: `str xzr, [x${n}, #${8 * unit}]`,
      })),
    ]);
  },
});

test({
  name: "aarch64 reads and writes memory at an offset in a register as GNU as does",
  needs,
  async fn() {
    const operands = [
      ...combinations(SIZES, SOME, SOME, SOME),
      ...random(fc.tuple(size, register, register, register)),
    ];
    await assertAssembles(
      "aarch64",
      operands.flatMap(([size, t, n, m]) => {
        const rest = `${suffix(size)} ${named(size, t)}, [x${n}, x${m}]`;
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
  async fn() {
    const inWords = (bits: number) => [
      ...[0, 1, -1, 2, 2 ** (bits - 1) - 1, -(2 ** (bits - 1))],
      ...random(fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })),
    ];
    await assertAssembles("aarch64", [
      ...combinations(CONDITIONS, inWords(19)).map(([op, words]) => ({
        bytes: forms.bcond(op, 4 * words),
        syntax: `b.${op} . + ${4 * words}`,
      })),
      ...combinations(["cbz", "cbnz"] as const, SOME, inWords(19)).map(([op, t, words]) => ({
        bytes: forms.cbz(op, t, 4 * words),
        syntax: `${op} x${t}, . + ${4 * words}`,
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
  rejects(() => forms.immediate("add", 31, 0, 0), "register 31");
  rejects(() => forms.immediate("sub", 0, 31, 0), "register 31");
  rejects(() => forms.immediate("add", 0, 0, 4096), "immediate 4096");
  rejects(() => forms.cmpImmediate("cmn", 31, 0), "register 31");
  rejects(() => forms.cmpImmediate("cmp", 0, -1), "immediate -1");
  rejects(() => forms.storeZero(31, 0), "register 31");
  rejects(() => forms.storeZero(0, 4), "offset");
  rejects(() => forms.cbz("cbz", 31, 0), "register 31");
  rejects(() => forms.cbz("cbnz", 0, 2 ** 20), "distance 1048576");
  rejects(() => forms.cmpSign(0, 31), "register 31");
  rejects(() => forms.shift("asr", 0, 0, 31), "register 31");
  rejects(() => forms.sxtw(0, 31), "register 31");
  rejects(() => forms.msub(0, 0, 0, 31), "register 31");
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
