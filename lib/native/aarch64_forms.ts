/**
 * Instructions of aarch64. Source: Arm Architecture Reference Manual for A-profile (DDI 0487),
 * chapter C6.
 */
import { inRange } from "./in_range.ts";
import type { Size } from "./language.ts";
import { littleEndian } from "./little_endian.ts";

/** The size field of loads and stores. */
const LOG2: Record<Size, number> = { 1: 0, 2: 1, 4: 2, 8: 3 };

const WORD = 4;

/** `op x0, x0, x0` */
const OPERATION = {
  add: 0x8b00_0000,
  sub: 0xcb00_0000,
  mul: 0x9b00_7c00,
  and: 0x8a00_0000,
  orr: 0xaa00_0000,
  eor: 0xca00_0000,
  sdiv: 0x9ac0_0c00,
  smulh: 0x9b40_7c00,
};

/** `op w0, w0, w0` */
const SHIFT = { lsl: 0x1ac0_2000, lsr: 0x1ac0_2400, asr: 0x1ac0_2800 };

/** Condition codes: unsigned, then signed. */
const CONDITION = {
  ...{ eq: 0, ne: 1, hs: 2, lo: 3, hi: 8, ls: 9 },
  ...{ ge: 10, lt: 11, gt: 12, le: 13 },
};

export type Condition = keyof typeof CONDITION;

/** `op x0, x0, #0`; cmp and cmn have no destination. */
const IMMEDIATE = { add: 0x9100_0000, sub: 0xd100_0000, cmp: 0xf100_001f, cmn: 0xb100_001f };

/** Moves of 16 bits: movn sets all other bits to 1, movz to 0, and movk keeps them. */
const MOVE = { movn: 0x9280_0000, movz: 0xd280_0000, movk: 0xf280_0000 };

/** Encoders of the used instructions, one for each form. Tests compare them with GNU as. */
export const forms = {
  /** movn · movz · movk xd, #value, lsl #(16 · half) */
  move: (op: keyof typeof MOVE, d: number, value: number, half: number) =>
    word(MOVE[op] | inRange("half", half, 0, 3) << 21 | u16(value) << 5 | x(d)),
  /** op xd, xn, xm */
  registers: (op: keyof typeof OPERATION, d: number, n: number, m: number) =>
    word(OPERATION[op] | x(m) << 16 | x(n) << 5 | x(d)),
  /** lsl · lsr · asr wd, wn, wm (the upper half becomes zero) */
  shift: (op: keyof typeof SHIFT, d: number, n: number, m: number) =>
    word(SHIFT[op] | x(m) << 16 | x(n) << 5 | x(d)),
  /** msub xd, xn, xm, xa: xa − xn · xm */
  msub: (d: number, n: number, m: number, a: number) =>
    word(0x9b00_8000 | x(m) << 16 | x(a) << 10 | x(n) << 5 | x(d)),
  /** sxtw xd, wn */
  sxtw: (d: number, n: number) => word(0x9340_7c00 | x(n) << 5 | x(d)),
  /** cmp xn, xm, asr #63: with the sign of xm */
  cmpSign: (n: number, m: number) => word(0xeb80_fc1f | x(m) << 16 | x(n) << 5),
  /** cmp xn, xm */
  cmp: (n: number, m: number) => word(0xeb00_001f | x(m) << 16 | x(n) << 5),
  /** add · sub xd, xn, #value */
  immediate: (op: "add" | "sub", d: number, n: number, value: number) =>
    word(IMMEDIATE[op] | u12(value) << 10 | x(n) << 5 | x(d)),
  /** cmp · cmn xn, #value */
  cmpImmediate: (op: "cmp" | "cmn", n: number, value: number) =>
    word(IMMEDIATE[op] | u12(value) << 10 | x(n) << 5),
  /** mov xd, sp */
  movSp: (d: number) => word(0x9100_03e0 | x(d)),
  /** ldrb wt · ldrh wt · ldr wt · ldr xt, [xn, #offset]; the offset is a multiple of the size */
  load: (size: Size, t: number, n: number, offset: number) =>
    word(0x3940_0000 | LOG2[size] << 30 | scaled(size, offset) << 10 | x(n) << 5 | x(t)),
  /** strb wt · strh wt · str wt · str xt, [xn, #offset]; the offset is a multiple of the size */
  store: (size: Size, t: number, n: number, offset: number) =>
    word(0x3900_0000 | LOG2[size] << 30 | scaled(size, offset) << 10 | x(n) << 5 | x(t)),
  /** str xzr, [xn, #offset]; the offset is a multiple of 8 */
  storeZero: (n: number, offset: number) => word(0xf900_001f | scaled(8, offset) << 10 | x(n) << 5),
  /** ldrb wt · ldrh wt · ldr wt · ldr xt, [xn, xm] */
  loadIndexed: (size: Size, t: number, n: number, m: number) =>
    word(0x3860_6800 | LOG2[size] << 30 | x(m) << 16 | x(n) << 5 | x(t)),
  /** strb wt · strh wt · str wt · str xt, [xn, xm] */
  storeIndexed: (size: Size, t: number, n: number, m: number) =>
    word(0x3820_6800 | LOG2[size] << 30 | x(m) << 16 | x(n) << 5 | x(t)),
  /** b.cond . + distance */
  bcond: (op: Condition, distance: number) =>
    word(0x5400_0000 | words(distance, 19) << 5 | CONDITION[op]),
  /** cbz · cbnz xt, . + distance */
  cbz: (op: "cbz" | "cbnz", t: number, distance: number) =>
    word((op === "cbz" ? 0xb400_0000 : 0xb500_0000) | words(distance, 19) << 5 | x(t)),
  /** b . + distance */
  b: (distance: number) => word(0x1400_0000 | words(distance, 26)),
  /** bl . + distance */
  bl: (distance: number) => word(0x9400_0000 | words(distance, 26)),
  /** ret */
  ret: () => word(0xd65f_03c0),
  /** svc #0 */
  svc: () => word(0xd400_0001),
  /** udf #0 */
  udf: () => word(0),
};

/** A register's number; 31 is sp or zero, depending on the instruction. */
function x(register: number): number {
  return inRange("register", register, 0, 30);
}

function u16(value: number): number {
  return inRange("immediate", value, 0, 0xffff);
}

function u12(value: number): number {
  return inRange("immediate", value, 0, 0xfff);
}

/** The offset in units of the size, for the 12 bits of loads and stores. */
function scaled(size: Size, offset: number): number {
  return inRange(`offset ${offset} in units of ${size} bytes:`, offset / size, 0, 0xfff);
}

/** A distance in instructions, in so many bits. */
function words(distance: number, bits: number): number {
  const most = 2 ** (bits - 1);
  const count = inRange(`distance ${distance} in instructions:`, distance / WORD, -most, most - 1);
  return count & (2 ** bits - 1);
}

/** An instruction. */
function word(value: number): number[] {
  return littleEndian(4, value);
}
