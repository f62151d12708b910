import type { Code, Label } from "./code.ts";
import type { Comparison, Host, Operator, Size } from "./language.ts";

/** What is known before the start: a number, 0 to 2⁶⁴−1, or a label's address. */
export type Known = { readonly value: bigint } | { readonly label: Label };

/** Where an operand comes from. */
export type Source = Known | { readonly slot: number };

/**
 * What Program asks of a machine: all that differs between hosts. Registers are numbers as
 * the machine counts them. One of them, `a`, holds what is computed with right now. Branches, jumps
 * and stores leave it as it is: a following statement may use what it holds. Every variable has a
 * slot in memory, counted from 0; one more register points to the slots.
 */
export interface Machine {
  readonly host: Host;
  /** For the ELF header. */
  readonly e_machine: number;
  /** A call puts the return address into a register: a procedure keeps it in a slot. */
  readonly linkRegister: boolean;
  readonly a: number;
  /** Of a system call: its number, its up to six arguments, its result. */
  readonly syscallNumber: number;
  readonly syscallArguments: readonly number[];
  readonly syscallResult: number;

  /** First code of all: sets registers that stay; the initial stack pointer into a. */
  start(code: Code, slots: Label): void;
  /** register = source */
  load(code: Code, register: number, from: Source): void;
  /** slot = register */
  store(code: Code, register: number, slot: number): void;
  /** slot = what is known */
  set(code: Code, slot: number, to: Known): void;
  /** a = a operator b */
  operate(code: Code, operator: Operator, b: Source): void;
  /** a = the low 32 bits of a, sign-extended */
  extend32(code: Code): void;
  /** a = a · b, signed; goes to the label where 64 bits do not hold the product. */
  multiply(code: Code, b: Source, label: Label): void;
  /** a = zero-extended bytes at a + offset */
  read(code: Code, size: Size, offset: number): void;
  /** a = zero-extended bytes at a + b */
  readIndexed(code: Code, size: Size, b: Source): void;
  /** bytes at a + offset = low bytes of the value */
  write(code: Code, size: Size, offset: number, value: Source): void;
  /** Goes to the label if a comparison b holds. */
  branchIf(code: Code, comparison: Comparison, b: Source, label: Label): void;
  /**
   * Goes to the label unless −2⁵³ < a < 2⁵³, as JavaScript's safe integers are. With the largest of
   * them added, they are the unsigned numbers up to twice that one.
   */
  branchUnlessSafe(code: Code, label: Label): void;
  jump(code: Code, label: Label): void;
  call(code: Code, label: Label): void;
  /** First code of a procedure; `link`: its slot for the return address, if linkRegister. */
  enter(code: Code, link: number | undefined): void;
  return(code: Code, link: number | undefined): void;
  syscall(code: Code): void;
  /** Ends the process by a signal: stands where no code may be reached. */
  trap(code: Code): void;
}
