/**
 * Encodes the statements of Program for aarch64.
 *
 * | register | used for                                                           |
 * |----------|--------------------------------------------------------------------|
 * | x9       | the accumulator                                                    |
 * | x10 x11  | scratch within one statement                                       |
 * | x19      | the address of slot 0                                              |
 * | x20 x21  | 2⁵³−1, and twice that                                              |
 * | x0 – x5  | arguments of a system call; its result in x0                       |
 * | x8       | number of a system call                                            |
 * | x30      | the return address, which a procedure saves in a slot              |
 * | sp       | the kernel's initial stack; nothing is ever pushed                 |
 *
 * A conditional branch reaches 1 MiB.
 *
 * System calls: syscall(2).
 */
import { EM_AARCH64 } from "../elf/constants.ts";
import { type Condition, forms } from "./aarch64_forms.ts";
import type { Code, Label } from "./code.ts";
import { inRange } from "./in_range.ts";
import type { Comparison, Operator, Size } from "./language.ts";
import type { Machine, Source } from "./machine.ts";

const X8 = 8, X9 = 9, X10 = 10, X11 = 11, X19 = 19, X20 = 20, X21 = 21, X30 = 30;

const IN_A = [X9, X9, X10] as const;

const OF_OPERATOR: Record<Operator, readonly number[]> = {
  "+": forms.registers("add", ...IN_A),
  "-": forms.registers("sub", ...IN_A),
  "*": forms.registers("mul", ...IN_A),
  "&": forms.registers("and", ...IN_A),
  "|": forms.registers("orr", ...IN_A),
  "^": forms.registers("eor", ...IN_A),
  "/": forms.registers("sdiv", ...IN_A),
  "%": [...forms.registers("sdiv", X11, X9, X10), ...forms.msub(X9, X11, X10, X9)],
  "<<": [...forms.shift("lsl", ...IN_A), ...forms.sxtw(X9, X9)],
  ">>": [...forms.shift("asr", ...IN_A), ...forms.sxtw(X9, X9)],
  ">>>": forms.shift("lsr", ...IN_A),
};

const OF_COMPARISON: Record<Comparison, Condition> = {
  "==": "eq",
  "!=": "ne",
  "<": "lo",
  "<=": "ls",
  ">": "hi",
  ">=": "hs",
  "s<": "lt",
  "s<=": "le",
  "s>": "gt",
  "s>=": "ge",
};

const WORD = 4;

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

export const aarch64: Machine = {
  host: "aarch64",
  e_machine: EM_AARCH64,
  linkRegister: true,
  a: X9,
  syscallNumber: X8,
  syscallArguments: [0, 1, 2, 3, 4, 5],
  syscallResult: 0,

  start(code, slots) {
    address(code, X19, slots);
    number(code, X20, MAX_SAFE);
    number(code, X21, 2n * MAX_SAFE);
    code.emit(forms.movSp(X9));
  },
  load(code, register, from) {
    if ("slot" in from) code.emit(forms.load(8, register, X19, from.slot * 8));
    else if ("label" in from) address(code, register, from.label);
    else number(code, register, from.value);
  },
  store: (code, register, slot) => code.emit(forms.store(8, register, X19, slot * 8)),
  set(code, slot, to) {
    if (immediateOf(to) === 0) return code.emit(forms.storeZero(X19, slot * 8));
    this.load(code, X10, to);
    this.store(code, X10, slot);
  },
  operate(code, operator, b) {
    const immediate = immediateOf(b);
    if (immediate !== undefined && (operator === "+" || operator === "-")) {
      const op = (operator === "+") === (immediate >= 0) ? "add" : "sub";
      return code.emit(forms.immediate(op, X9, X9, Math.abs(immediate)));
    }
    this.load(code, X10, b);
    code.emit(OF_OPERATOR[operator]);
  },
  extend32: (code) => code.emit(forms.sxtw(X9, X9)),
  multiply(code, b, label) {
    // The product fits if its upper half only repeats the sign of the lower one.
    this.load(code, X10, b);
    code.emit(forms.registers("smulh", X11, X9, X10));
    code.emit(forms.registers("mul", X9, X9, X10));
    code.emit(forms.cmpSign(X11, X9));
    branch(code, "ne", label);
  },
  read(code, size, offset) {
    if (isScaled(size, offset)) return code.emit(forms.load(size, X9, X9, offset));
    number(code, X10, offsetBits(offset));
    code.emit(forms.loadIndexed(size, X9, X9, X10));
  },
  readIndexed(code, size, b) {
    this.load(code, X10, b);
    code.emit(forms.loadIndexed(size, X9, X9, X10));
  },
  write(code, size, offset, value) {
    this.load(code, X10, value);
    if (isScaled(size, offset)) return code.emit(forms.store(size, X10, X9, offset));
    number(code, X11, offsetBits(offset));
    code.emit(forms.storeIndexed(size, X10, X9, X11));
  },
  branchIf(code, comparison, b, label) {
    const immediate = immediateOf(b);
    if (immediate === 0 && (comparison === "==" || comparison === "!=")) {
      const op = comparison === "==" ? "cbz" : "cbnz";
      return code.emitLate(WORD, label, (to, place) => forms.cbz(op, X9, to - place));
    }
    if (immediate !== undefined) {
      const op = immediate >= 0 ? "cmp" : "cmn";
      code.emit(forms.cmpImmediate(op, X9, Math.abs(immediate)));
    } else {
      this.load(code, X10, b);
      code.emit(forms.cmp(X9, X10));
    }
    branch(code, OF_COMPARISON[comparison], label);
  },
  branchUnlessSafe(code, label) {
    code.emit(forms.registers("add", X11, X9, X20));
    code.emit(forms.cmp(X11, X21));
    branch(code, "hi", label);
  },
  jump: (code, label) => code.emitLate(WORD, label, (to, place) => forms.b(to - place)),
  call: (code, label) => code.emitLate(WORD, label, (to, place) => forms.bl(to - place)),
  enter(code, link) {
    this.store(code, X30, link!);
  },
  return(code, link) {
    this.load(code, X30, { slot: link! });
    code.emit(forms.ret());
  },
  syscall: (code) => code.emit(forms.svc()),
  trap: (code) => code.emit(forms.udf()),
};

/** Loads a number. */
function number(code: Code, register: number, value: bigint): void {
  const halves = [0n, 16n, 32n, 48n].map((shift) => Number(value >> shift & 0xffffn));
  // movz or movn sets one half, and the others to zeros or ones; movk sets each that differs.
  const count = (wanted: number) => halves.filter((half) => half === wanted).length;
  const rest = count(0xffff) > count(0) ? 0xffff : 0;
  const differing = [0, 1, 2, 3].filter((i) => halves[i] !== rest);
  const [first = 0, ...others] = differing;
  const half = halves[first]!;
  if (rest === 0) code.emit(forms.move("movz", register, half, first));
  else code.emit(forms.move("movn", register, half ^ 0xffff, first));
  for (const i of others) code.emit(forms.move("movk", register, halves[i]!, i));
}

/** Loads an address of 32 bits. */
function address(code: Code, register: number, label: Label): void {
  code.emitLate(2 * WORD, label, (target) => {
    const address = inRange("address", target, 0, 0xffff_ffff);
    return [
      ...forms.move("movz", register, address & 0xffff, 0),
      ...forms.move("movk", register, address >>> 16, 1),
    ];
  });
}

function branch(code: Code, condition: Condition, label: Label): void {
  code.emitLate(WORD, label, (to, place) => forms.bcond(condition, to - place));
}

/** The value as an immediate of add, sub, cmp and cmn, if it is one. */
function immediateOf(from: Source): number | undefined {
  if (!("value" in from)) return undefined;
  const signed = BigInt.asIntN(64, from.value);
  return signed >= -0xfffn && signed <= 0xfffn ? Number(signed) : undefined;
}

/** Can a load or store hold the offset? */
function isScaled(size: Size, offset: number): boolean {
  return offset >= 0 && offset % size === 0 && offset / size <= 0xfff;
}

function offsetBits(offset: number): bigint {
  return BigInt.asUintN(64, BigInt(inRange("offset", offset, -0x8000_0000, 0x7fff_ffff)));
}
