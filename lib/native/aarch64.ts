/**
 * The aarch64 machine.
 *
 * | register | used for                                                           |
 * |----------|--------------------------------------------------------------------|
 * | x9       | a                                                                  |
 * | x10      | b                                                                  |
 * | x11      | an offset that does not fit into a load or store                   |
 * | x19      | address of slot 0                                                  |
 * | x0 – x5  | arguments of a system call; its result in x0                       |
 * | x8       | number of a system call                                            |
 * | x30      | return address: a procedure keeps it in a slot, which `bl` changes |
 * | sp       | the kernel's initial stack; nothing is ever pushed                 |
 *
 * A conditional branch reaches 1 MiB only, so it skips a `b`, which reaches 128 MiB.
 *
 * Instructions: Arm Architecture Reference Manual for A-profile (DDI 0487), chapter C6.
 * System calls: syscall(2).
 */
import type { Comparison, Operator, Size } from "./language.ts";
import { littleEndian } from "./little_endian.ts";
import type { Machine } from "./machine.ts";
import { inRange } from "./in_range.ts";

const X8 = 8, X9 = 9, X10 = 10, X11 = 11, X19 = 19, X30 = 30;

const EM_AARCH64 = 183;

/** `op xd, xn, xm` with all three registers 0. */
const OPERATION = {
  add: 0x8b00_0000,
  sub: 0xcb00_0000,
  mul: 0x9b00_7c00,
  and: 0x8a00_0000,
  orr: 0xaa00_0000,
  eor: 0xca00_0000,
  lsl: 0x9ac0_2000,
  lsr: 0x9ac0_2400,
};

/** Condition codes for unsigned numbers. */
const CONDITION = { eq: 0, ne: 1, hs: 2, lo: 3, hi: 8, ls: 9 };

/** Moves of 16 bits: movn sets the others to 1, movz to 0, movk keeps them. */
const MOVE = { movn: 0x9280_0000, movz: 0xd280_0000, movk: 0xf280_0000 };

/**
 * The instructions used, one function for each form: operands in, bytes out.
 * Tests compare them with GNU as.
 */
export const forms = {
  /** movn · movz · movk xd, #value, lsl #(16 · half) */
  move: (op: keyof typeof MOVE, d: number, value: number, half: number) =>
    word(MOVE[op] | inRange("half", half, 0, 3) << 21 | u16(value) << 5 | x(d)),
  /** op xd, xn, xm */
  registers: (op: keyof typeof OPERATION, d: number, n: number, m: number) =>
    word(OPERATION[op] | x(m) << 16 | x(n) << 5 | x(d)),
  /** cmp xn, xm */
  cmp: (n: number, m: number) => word(0xeb00_001f | x(m) << 16 | x(n) << 5),
  /** mov xd, sp */
  movSp: (d: number) => word(0x9100_03e0 | x(d)),
  /** ldrb wt · ldrh wt · ldr wt · ldr xt, [xn, #offset]; the offset is a multiple of the size */
  load: (size: Size, t: number, n: number, offset: number) =>
    word(0x3940_0000 | LOG2[size] << 30 | scaled(size, offset) << 10 | x(n) << 5 | x(t)),
  /** strb wt · strh wt · str wt · str xt, [xn, #offset]; the offset is a multiple of the size */
  store: (size: Size, t: number, n: number, offset: number) =>
    word(0x3900_0000 | LOG2[size] << 30 | scaled(size, offset) << 10 | x(n) << 5 | x(t)),
  /** ldrb wt · ldrh wt · ldr wt · ldr xt, [xn, xm] */
  loadIndexed: (size: Size, t: number, n: number, m: number) =>
    word(0x3860_6800 | LOG2[size] << 30 | x(m) << 16 | x(n) << 5 | x(t)),
  /** strb wt · strh wt · str wt · str xt, [xn, xm] */
  storeIndexed: (size: Size, t: number, n: number, m: number) =>
    word(0x3820_6800 | LOG2[size] << 30 | x(m) << 16 | x(n) << 5 | x(t)),
  /** b.cond . + distance */
  bcond: (op: keyof typeof CONDITION, distance: number) =>
    word(0x5400_0000 | words(distance, 19) << 5 | CONDITION[op]),
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

const OF_OPERATOR: Record<Operator, keyof typeof OPERATION> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "&": "and",
  "|": "orr",
  "^": "eor",
  "<<": "lsl",
  ">>": "lsr",
};

const OF_COMPARISON: Record<Comparison, keyof typeof CONDITION> = {
  "==": "eq",
  "!=": "ne",
  "<": "lo",
  "<=": "ls",
  ">": "hi",
  ">=": "hs",
};

/** How a size stands in a load or store. */
const LOG2: Record<Size, number> = { 1: 0, 2: 1, 4: 2, 8: 3 };

const WORD = 4;

export const aarch64: Machine = {
  target: "aarch64",
  e_machine: EM_AARCH64,
  linkRegister: true,
  a: X9,
  b: X10,
  syscallNumber: X8,
  syscallArguments: [0, 1, 2, 3, 4, 5],
  syscallResult: 0,

  start(code, slots) {
    this.address(code, X19, slots);
    code.emit(forms.movSp(X9));
  },
  number(code, register, value) {
    const halves = [0n, 16n, 32n, 48n].map((shift) => Number(value >> shift & 0xffffn));
    // One instruction sets a half, the others to zeros or ones; each that differs takes one more.
    const count = (wanted: number) => halves.filter((half) => half === wanted).length;
    const rest = count(0xffff) > count(0) ? 0xffff : 0;
    const differing = [0, 1, 2, 3].filter((i) => halves[i] !== rest);
    const [first = 0, ...others] = differing;
    const half = halves[first]!;
    if (rest === 0) code.emit(forms.move("movz", register, half, first));
    else code.emit(forms.move("movn", register, half ^ 0xffff, first));
    for (const i of others) code.emit(forms.move("movk", register, halves[i]!, i));
  },
  address(code, register, label) {
    code.emitLate(2 * WORD, label, (target) => {
      const address = inRange("address", target, 0, 0xffff_ffff);
      return [
        ...forms.move("movz", register, address & 0xffff, 0),
        ...forms.move("movk", register, address >>> 16, 1),
      ];
    });
  },
  loadSlot: (code, register, slot) => code.emit(forms.load(8, register, X19, slot * 8)),
  storeSlot: (code, register, slot) => code.emit(forms.store(8, register, X19, slot * 8)),
  operate: (code, operator) => code.emit(forms.registers(OF_OPERATOR[operator], X9, X9, X10)),
  load(code, size, offset) {
    if (isScaled(size, offset)) return code.emit(forms.load(size, X9, X9, offset));
    this.number(code, X11, offsetBits(offset));
    code.emit(forms.loadIndexed(size, X9, X9, X11));
  },
  store(code, size, offset) {
    if (isScaled(size, offset)) return code.emit(forms.store(size, X10, X9, offset));
    this.number(code, X11, offsetBits(offset));
    code.emit(forms.storeIndexed(size, X10, X9, X11));
  },
  branchUnless(code, comparison, label) {
    code.emit(forms.cmp(X9, X10));
    code.emit(forms.bcond(OF_COMPARISON[comparison], 2 * WORD));
    this.jump(code, label);
  },
  jump: (code, label) => code.emitLate(WORD, label, (target, place) => forms.b(target - place)),
  call: (code, label) => code.emitLate(WORD, label, (target, place) => forms.bl(target - place)),
  enter(code, link) {
    this.storeSlot(code, X30, link!);
  },
  return(code, link) {
    this.loadSlot(code, X30, link!);
    code.emit(forms.ret());
  },
  syscall: (code) => code.emit(forms.svc()),
  trap: (code) => code.emit(forms.udf()),
};

/** A register's number; 31 would be sp or zero, depending on the instruction. */
function x(register: number): number {
  return inRange("register", register, 0, 30);
}

function u16(value: number): number {
  return inRange("immediate", value, 0, 0xffff);
}

/** An offset in units of the size, as loads and stores have it in 12 bits. */
function scaled(size: Size, offset: number): number {
  return inRange(`offset ${offset} in units of ${size} bytes:`, offset / size, 0, 0xfff);
}

function isScaled(size: Size, offset: number): boolean {
  return offset >= 0 && offset % size === 0 && offset / size <= 0xfff;
}

function offsetBits(offset: number): bigint {
  return BigInt.asUintN(64, BigInt(inRange("offset", offset, -0x8000_0000, 0x7fff_ffff)));
}

/** A distance in instructions, as a two's complement of so many bits. */
function words(distance: number, bits: number): number {
  const most = 2 ** (bits - 1);
  const count = inRange(`distance ${distance} in instructions:`, distance / WORD, -most, most - 1);
  return count & (2 ** bits - 1);
}

/** An instruction. */
function word(value: number): number[] {
  return littleEndian(4, value);
}
