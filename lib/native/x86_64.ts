/**
 * The x86_64 machine.
 *
 * | register              | used for                                                      |
 * |-----------------------|---------------------------------------------------------------|
 * | rax                   | a; number and result of a system call                         |
 * | rcx                   | b: shifts take their count from cl (a system call changes it) |
 * | rbx                   | address of slot 0                                             |
 * | rdi rsi rdx r10 r8 r9 | arguments of a system call                                    |
 * | rsp                   | the kernel's initial stack; only return addresses are pushed  |
 *
 * Instructions: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 * System calls: syscall(2).
 */
import type { Comparison, Operator, Size } from "./language.ts";
import { littleEndian } from "./little_endian.ts";
import type { Machine } from "./machine.ts";
import { inRange } from "./in_range.ts";

const RAX = 0,
  RCX = 1,
  RDX = 2,
  RBX = 3,
  RSP = 4,
  RBP = 5,
  RSI = 6,
  RDI = 7,
  R8 = 8,
  R9 = 9,
  R10 = 10;

const EM_X86_64 = 62;

/** Opcodes of `op %from, %to`. */
const OPCODE = { add: 0x01, or: 0x09, and: 0x21, sub: 0x29, xor: 0x31, cmp: 0x39, mov: 0x89 };

/** The ModRM digit of `op %cl, %to`. */
const SHIFT = { shl: 4, shr: 5 };

/** Second opcode byte of `jcc`, conditions for unsigned numbers. */
const CONDITION = { jb: 0x82, jae: 0x83, je: 0x84, jne: 0x85, jbe: 0x86, ja: 0x87 };

/**
 * The instructions used, one function for each form: operands in, bytes out.
 * Tests compare them with GNU as.
 */
export const forms = {
  /** movl $value, %e_to (the upper half becomes zero); 0 ≤ value < 2³² */
  movl: (to: number, value: number) => [
    ...rex(0, 0, to),
    0xb8 | (to & 7),
    ...littleEndian(4, inRange("immediate", value, 0, 0xffff_ffff)),
  ],
  /** movq $value, %to, sign-extended; −2³¹ ≤ value < 2³¹ */
  movq: (to: number, value: number) => [
    ...rex(1, 0, to),
    0xc7,
    modrm(3, 0, to),
    ...i32("immediate", value),
  ],
  /** movabsq $value, %to; any 64 bits */
  movabsq: (to: number, value: bigint) => [
    ...rex(1, 0, to),
    0xb8 | (to & 7),
    ...littleEndian(4, Number(value & 0xffff_ffffn), Number(value >> 32n)),
  ],
  /** op %from, %to */
  registers: (op: keyof typeof OPCODE, from: number, to: number) => [
    ...rex(1, from, to),
    OPCODE[op],
    modrm(3, from, to),
  ],
  /** imulq %from, %to */
  imul: (from: number, to: number) => [...rex(1, to, from), 0x0f, 0xaf, modrm(3, to, from)],
  /** shlq %cl, %to · shrq %cl, %to */
  shift: (op: keyof typeof SHIFT, to: number) => [
    ...rex(1, 0, to),
    0xd3,
    modrm(3, SHIFT[op], to),
  ],
  /** movzbl · movzwl · movl · movq offset(%base), %to */
  load: (size: Size, offset: number, base: number, to: number) => [
    ...rex(size === 8 ? 1 : 0, to, base),
    ...(size === 1 ? [0x0f, 0xb6] : size === 2 ? [0x0f, 0xb7] : [0x8b]),
    ...memory(to, base, offset),
  ],
  /** movb · movw · movl · movq %from, offset(%base) */
  store: (size: Size, from: number, offset: number, base: number) => [
    ...(size === 2 ? [0x66] : []), // operand-size prefix
    // Without a REX prefix, byte registers 4 to 7 are ah, ch, dh, bh.
    ...rex(size === 8 ? 1 : 0, from, base, size === 1 && from >= 4),
    size === 1 ? 0x88 : 0x89,
    ...memory(from, base, offset),
  ],
  /** jcc . + distance */
  jcc: (op: keyof typeof CONDITION, distance: number) => [
    0x0f,
    CONDITION[op],
    ...i32("distance of a jump", distance - 6),
  ],
  /** jmp . + distance */
  jmp: (distance: number) => [0xe9, ...i32("distance of a jump", distance - 5)],
  /** call . + distance */
  call: (distance: number) => [0xe8, ...i32("distance of a call", distance - 5)],
  /** ret */
  ret: () => [0xc3],
  /** syscall */
  syscall: () => [0x0f, 0x05],
  /** ud2 */
  ud2: () => [0x0f, 0x0b],
};

const OPERATION: Record<Operator, readonly number[]> = {
  "+": forms.registers("add", RCX, RAX),
  "-": forms.registers("sub", RCX, RAX),
  "*": forms.imul(RCX, RAX),
  "&": forms.registers("and", RCX, RAX),
  "|": forms.registers("or", RCX, RAX),
  "^": forms.registers("xor", RCX, RAX),
  "<<": forms.shift("shl", RAX),
  ">>": forms.shift("shr", RAX),
};

const UNLESS: Record<Comparison, keyof typeof CONDITION> = {
  "==": "jne",
  "!=": "je",
  "<": "jae",
  "<=": "ja",
  ">": "jbe",
  ">=": "jb",
};

export const x86_64: Machine = {
  target: "x86_64",
  e_machine: EM_X86_64,
  linkRegister: false,
  a: RAX,
  b: RCX,
  syscallNumber: RAX,
  syscallArguments: [RDI, RSI, RDX, R10, R8, R9],
  syscallResult: RAX,

  start(code, slots) {
    this.address(code, RBX, slots);
    code.emit(forms.registers("mov", RSP, RAX));
  },
  number(code, register, value) {
    const signed = BigInt.asIntN(64, value);
    if (value < 1n << 32n) code.emit(forms.movl(register, Number(value)));
    else if (signed >= -(1n << 31n) && signed < 0n) code.emit(forms.movq(register, Number(signed)));
    else code.emit(forms.movabsq(register, value));
  },
  address(code, register, label) {
    const size = forms.movl(register, 0).length;
    code.emitLate(size, label, (target) => forms.movl(register, target));
  },
  loadSlot: (code, register, slot) => code.emit(forms.load(8, slot * 8, RBX, register)),
  storeSlot: (code, register, slot) => code.emit(forms.store(8, register, slot * 8, RBX)),
  operate: (code, operator) => code.emit(OPERATION[operator]),
  load: (code, size, offset) => code.emit(forms.load(size, offset, RAX, RAX)),
  store: (code, size, offset) => code.emit(forms.store(size, RCX, offset, RAX)),
  branchUnless(code, comparison, label) {
    code.emit(forms.registers("cmp", RCX, RAX)); // flags of rax − rcx
    code.emitLate(6, label, (target, place) => forms.jcc(UNLESS[comparison], target - place));
  },
  jump: (code, label) => code.emitLate(5, label, (target, place) => forms.jmp(target - place)),
  call: (code, label) => code.emitLate(5, label, (target, place) => forms.call(target - place)),
  enter() {}, // call has pushed the return address
  return: (code) => code.emit(forms.ret()),
  syscall: (code) => code.emit(forms.syscall()),
  trap: (code) => code.emit(forms.ud2()),
};

/** The prefix for 64-bit operands (w) and registers 8 to 15, if it is needed. */
function rex(w: 0 | 1, reg: number, rm: number, always = false): number[] {
  inRange("register", reg, 0, 15);
  inRange("register", rm, 0, 15);
  const prefix = 0x40 | w << 3 | (reg >> 3) << 2 | rm >> 3;
  return prefix === 0x40 && !always ? [] : [prefix];
}

/** The byte that names both operands. */
function modrm(mod: number, reg: number, rm: number): number {
  return mod << 6 | (reg & 7) << 3 | rm & 7;
}

/** ModRM and the offset in as few bytes as hold it; rsp and r12 as base need one more (SIB). */
function memory(reg: number, base: number, offset: number): number[] {
  const sib = (base & 7) === RSP ? [0x24] : [];
  // rbp and r13 without an offset would mean another address.
  if (offset === 0 && (base & 7) !== RBP) return [modrm(0, reg, base), ...sib];
  const wide = i32("offset", offset);
  if (offset >= -0x80 && offset <= 0x7f) return [modrm(1, reg, base), ...sib, offset & 0xff];
  return [modrm(2, reg, base), ...sib, ...wide];
}

function i32(what: string, value: number): number[] {
  return littleEndian(4, inRange(what, value, -0x8000_0000, 0x7fff_ffff));
}
