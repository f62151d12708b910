/**
 * Instructions of x86_64. Source: Intel 64 and IA-32 Architectures Software Developer's Manual,
 * volume 2.
 */
import { inRange } from "./in_range.ts";
import type { Size } from "./language.ts";
import { littleEndian } from "./little_endian.ts";

const RAX = 0, RSP = 4, RBP = 5;

/** Opcodes of `op %from, %to`, from which the other forms follow. */
const OPCODE = { add: 0x01, or: 0x09, and: 0x21, sub: 0x29, xor: 0x31, cmp: 0x39 };
const MOVE = { mov: 0x89, test: 0x85 };

export type Arithmetic = keyof typeof OPCODE;

/** The ModRM digit of `op %cl, %to`. */
const SHIFT = { shl: 4, shr: 5, sar: 7 };

/** Opcodes of loads that zero-extend: movzbl, movzwl, movl, movq. */
const LOAD: Record<Size, readonly number[]> = {
  1: [0x0f, 0xb6],
  2: [0x0f, 0xb7],
  4: [0x8b],
  8: [0x8b],
};

/** The second opcode byte of `jcc`: unsigned conditions, signed conditions, overflow. */
const CONDITION = {
  ...{ jb: 0x82, jae: 0x83, je: 0x84, jne: 0x85, jbe: 0x86, ja: 0x87 },
  ...{ jl: 0x8c, jge: 0x8d, jle: 0x8e, jg: 0x8f, jo: 0x80 },
};

export type Condition = keyof typeof CONDITION;

/** Encoders of the used instructions, one for each form. Tests compare them with GNU as. */
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
  registers: (op: Arithmetic | keyof typeof MOVE, from: number, to: number) => [
    ...rex(1, from, to),
    { ...OPCODE, ...MOVE }[op],
    modrm(3, from, to),
  ],
  /** op offset(%base), %to */
  memory: (op: Arithmetic, offset: number, base: number, to: number) => [
    ...rex(1, to, base),
    OPCODE[op] | 2,
    ...memory(to, base, offset),
  ],
  /** op $value, %rax, sign-extended; −2³¹ ≤ value < 2³¹ */
  immediate: (op: Arithmetic, value: number) => [
    ...rex(1, 0, RAX),
    ...(isByte(value)
      ? [0x83, modrm(3, OPCODE[op] >> 3, RAX), value & 0xff]
      : [OPCODE[op] | 4, ...i32("immediate", value)]),
  ],
  /** imulq %from, %to */
  imul: (from: number, to: number) => [...rex(1, to, from), 0x0f, 0xaf, modrm(3, to, from)],
  /** imulq $value, %to, %to, sign-extended; −2³¹ ≤ value < 2³¹ */
  imulImmediate: (value: number, to: number) => [
    ...rex(1, to, to),
    ...(isByte(value)
      ? [0x6b, modrm(3, to, to), value & 0xff]
      : [0x69, modrm(3, to, to), ...i32("immediate", value)]),
  ],
  /** leaq (%base,%index), %to; rsp cannot be an index */
  lea: (base: number, index: number, to: number) => [
    ...rex(1, to, base, false, index),
    0x8d,
    ...indexed(to, base, index),
  ],
  /** shll · shrl · sarl %cl, %e_to (the upper half becomes zero) */
  shift: (op: keyof typeof SHIFT, to: number) => [
    ...rex(0, 0, to),
    0xd3,
    modrm(3, SHIFT[op], to),
  ],
  /** movslq %e_from, %to */
  movslq: (from: number, to: number) => [...rex(1, to, from), 0x63, modrm(3, to, from)],
  /** cqto: sign-extends rax into rdx */
  cqto: () => [0x48, 0x99],
  /** idivq %by: rax = the quotient of rdx:rax, rdx = the remainder */
  idiv: (by: number) => [...rex(1, 0, by), 0xf7, modrm(3, 7, by)],
  /** movzbl · movzwl · movl · movq offset(%base), %to */
  load: (size: Size, offset: number, base: number, to: number) => [
    ...rex(size === 8 ? 1 : 0, to, base),
    ...LOAD[size],
    ...memory(to, base, offset),
  ],
  /** movzbl · movzwl · movl · movq (%base,%index), %to; rsp cannot be an index */
  loadIndexed: (size: Size, base: number, index: number, to: number) => [
    ...rex(size === 8 ? 1 : 0, to, base, false, index),
    ...LOAD[size],
    ...indexed(to, base, index),
  ],
  /** movb · movw · movl · movq %from, offset(%base) */
  store: (size: Size, from: number, offset: number, base: number) => [
    ...(size === 2 ? [0x66] : []), // operand-size prefix
    // Without a REX prefix, byte registers 4 to 7 are ah, ch, dh, bh.
    ...rex(size === 8 ? 1 : 0, from, base, size === 1 && from >= 4),
    size === 1 ? 0x88 : 0x89,
    ...memory(from, base, offset),
  ],
  /** movq $value, offset(%base), sign-extended; −2³¹ ≤ value < 2³¹ */
  storeImmediate: (value: number, offset: number, base: number) => [
    ...rex(1, 0, base),
    0xc7,
    ...memory(0, base, offset),
    ...i32("immediate", value),
  ],
  /** jcc . + distance */
  jcc: (op: Condition, distance: number) => [
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

/** The REX prefix for 64-bit operands (w) and registers 8 to 15; empty if not needed. */
function rex(w: 0 | 1, reg: number, rm: number, always = false, index = 0): number[] {
  for (const register of [reg, rm, index]) inRange("register", register, 0, 15);
  const prefix = 0x40 | w << 3 | (reg >> 3) << 2 | (index >> 3) << 1 | rm >> 3;
  return prefix === 0x40 && !always ? [] : [prefix];
}

/** The ModRM byte. */
function modrm(mod: number, reg: number, rm: number): number {
  return mod << 6 | (reg & 7) << 3 | rm & 7;
}

/** ModRM and the offset in the fewest bytes; rsp and r12 as base also need a SIB byte. */
function memory(reg: number, base: number, offset: number): number[] {
  const sib = (base & 7) === RSP ? [0x24] : [];
  // For rbp and r13, mod 0 has another meaning.
  if (offset === 0 && (base & 7) !== RBP) return [modrm(0, reg, base), ...sib];
  const wide = i32("offset", offset);
  if (isByte(offset)) return [modrm(1, reg, base), ...sib, offset & 0xff];
  return [modrm(2, reg, base), ...sib, ...wide];
}

/** ModRM and SIB for base + index. */
function indexed(reg: number, base: number, index: number): number[] {
  if (index === RSP) throw new RangeError("Cannot encode rsp as an index");
  const sib = (index & 7) << 3 | base & 7;
  // For rbp and r13, mod 0 has another meaning.
  if ((base & 7) === RBP) return [modrm(1, reg, RSP), sib, 0];
  return [modrm(0, reg, RSP), sib];
}

function isByte(value: number): boolean {
  return value >= -0x80 && value <= 0x7f;
}

function i32(what: string, value: number): number[] {
  return littleEndian(4, inRange(what, value, -0x8000_0000, 0x7fff_ffff));
}
