/**
 * Encodes the statements of Program for x86_64.
 *
 * | register              | used for                                                      |
 * |-----------------------|---------------------------------------------------------------|
 * | rax                   | the accumulator; number and result of a system call           |
 * | rcx rdx               | scratch within one statement; the count of a shift is in cl   |
 * | rbx                   | the address of slot 0, plus SLOT_BIAS                         |
 * | r12 r13               | 2⁵³−1, and twice that                                         |
 * | rdi rsi rdx r10 r8 r9 | arguments of a system call                                    |
 * | rsp                   | the kernel's initial stack; only return addresses are pushed  |
 *
 * System calls: syscall(2).
 */
import { EM_X86_64 } from "../elf/constants.ts";
import type { Code, Label } from "./code.ts";
import type { Comparison, Operator } from "./language.ts";
import type { Machine, Source } from "./machine.ts";
import { type Arithmetic, type Condition, forms } from "./x86_64_forms.ts";

const RAX = 0,
  RCX = 1,
  RDX = 2,
  RBX = 3,
  RSP = 4,
  RSI = 6,
  RDI = 7,
  R8 = 8,
  R9 = 9,
  R10 = 10,
  R12 = 12,
  R13 = 13;

/** rax = rax operator b: one instruction for any b, or instructions with b in rcx. */
const OPERATION: Record<Operator, Arithmetic | readonly number[]> = {
  "+": "add",
  "-": "sub",
  "&": "and",
  "|": "or",
  "^": "xor",
  "*": forms.imul(RCX, RAX),
  "/": [...forms.cqto(), ...forms.idiv(RCX)],
  "%": [...forms.cqto(), ...forms.idiv(RCX), ...forms.registers("mov", RDX, RAX)],
  "<<": [...forms.shift("shl", RAX), ...forms.movslq(RAX, RAX)],
  ">>": [...forms.shift("sar", RAX), ...forms.movslq(RAX, RAX)],
  ">>>": forms.shift("shr", RAX),
};

const IF: Record<Comparison, Condition> = {
  "==": "je",
  "!=": "jne",
  "<": "jb",
  "<=": "jbe",
  ">": "ja",
  ">=": "jae",
  "s<": "jl",
  "s<=": "jle",
  "s>": "jg",
  "s>=": "jge",
};

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** An offset of one byte, −128 to 127, then reaches 32 slots instead of 16. */
const SLOT_BIAS = 128;

export const x86_64: Machine = {
  host: "x86_64",
  e_machine: EM_X86_64,
  linkRegister: false,
  a: RAX,
  syscallNumber: RAX,
  syscallArguments: [RDI, RSI, RDX, R10, R8, R9],
  syscallResult: RAX,

  start(code, slots) {
    const size = forms.movl(RBX, 0).length;
    code.emitLate(size, slots, (target) => forms.movl(RBX, target + SLOT_BIAS));
    this.load(code, R12, { value: MAX_SAFE });
    this.load(code, R13, { value: 2n * MAX_SAFE });
    code.emit(forms.registers("mov", RSP, RAX));
  },
  load(code, register, from) {
    if ("slot" in from) return code.emit(forms.load(8, offsetOf(from.slot), RBX, register));
    if ("label" in from) {
      const size = forms.movl(register, 0).length;
      return code.emitLate(size, from.label, (target) => forms.movl(register, target));
    }
    const { value } = from, immediate = immediateOf(from);
    if (value < 1n << 32n) code.emit(forms.movl(register, Number(value)));
    else if (immediate !== undefined) code.emit(forms.movq(register, immediate));
    else code.emit(forms.movabsq(register, value));
  },
  store: (code, register, slot) => code.emit(forms.store(8, register, offsetOf(slot), RBX)),
  set(code, slot, to) {
    const offset = offsetOf(slot), immediate = immediateOf(to);
    if ("label" in to) {
      const size = forms.storeImmediate(0, offset, RBX).length;
      code.emitLate(size, to.label, (target) => forms.storeImmediate(target, offset, RBX));
    } else if (immediate !== undefined) {
      code.emit(forms.storeImmediate(immediate, offset, RBX));
    } else {
      this.load(code, RCX, to);
      this.store(code, RCX, slot);
    }
  },
  operate(code, operator, b) {
    const operation = OPERATION[operator], immediate = immediateOf(b);
    if (typeof operation === "string") return arithmetic(code, operation, b);
    if (operator === "*" && immediate !== undefined) {
      return code.emit(forms.imulImmediate(immediate, RAX));
    }
    this.load(code, RCX, b);
    code.emit(operation);
  },
  extend32: (code) => code.emit(forms.movslq(RAX, RAX)),
  multiply(code, b, label) {
    this.operate(code, "*", b);
    branch(code, "jo", label);
  },
  read: (code, size, offset) => code.emit(forms.load(size, offset, RAX, RAX)),
  readIndexed(code, size, b) {
    this.load(code, RCX, b);
    code.emit(forms.loadIndexed(size, RAX, RCX, RAX));
  },
  write(code, size, offset, value) {
    this.load(code, RCX, value);
    code.emit(forms.store(size, RCX, offset, RAX));
  },
  branchIf(code, comparison, b, label) {
    // test sets the same flags as cmp with 0, and is shorter.
    if (immediateOf(b) === 0) code.emit(forms.registers("test", RAX, RAX));
    else arithmetic(code, "cmp", b);
    branch(code, IF[comparison], label);
  },
  branchUnlessSafe(code, label) {
    code.emit(forms.lea(RAX, R12, RDX));
    code.emit(forms.registers("cmp", R13, RDX));
    branch(code, "ja", label);
  },
  jump: (code, label) => code.emitLate(5, label, (target, place) => forms.jmp(target - place)),
  call: (code, label) => code.emitLate(5, label, (target, place) => forms.call(target - place)),
  enter() {}, // call pushes the return address
  return: (code) => code.emit(forms.ret()),
  syscall: (code) => code.emit(forms.syscall()),
  trap: (code) => code.emit(forms.ud2()),
};

/** rax op b, in the shortest form. */
function arithmetic(code: Code, op: Arithmetic, b: Source): void {
  const immediate = immediateOf(b);
  if ("slot" in b) return code.emit(forms.memory(op, offsetOf(b.slot), RBX, RAX));
  if (immediate !== undefined) return code.emit(forms.immediate(op, immediate));
  x86_64.load(code, RCX, b);
  code.emit(forms.registers(op, RCX, RAX));
}

function branch(code: Code, op: Condition, label: Label): void {
  code.emitLate(6, label, (target, place) => forms.jcc(op, target - place));
}

/** A slot's offset from rbx. */
function offsetOf(slot: number): number {
  return 8 * slot - SLOT_BIAS;
}

/** The value as a sign-extended 32-bit immediate, if it is one. */
function immediateOf(from: Source): number | undefined {
  if (!("value" in from)) return undefined;
  const signed = BigInt.asIntN(64, from.value);
  return signed === BigInt.asIntN(32, signed) ? Number(signed) : undefined;
}
