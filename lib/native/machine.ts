import type { Code, Label } from "./code.ts";
import type { Comparison, Host, Operator, Size } from "./language.ts";

/** An operand that is known at link time: a number from 0 to 2⁶⁴−1, or a label's address. */
export type Known = { readonly value: bigint } | { readonly label: Label };

/** An operand as a machine addresses it. */
export type Source = Known | { readonly slot: number };

/**
 * What differs between hosts. Registers have the machine's numbers. The register `a` is the
 * accumulator; branches, jumps and stores keep it, so the next statement can use its value. Each
 * variable has a slot in memory, counted from 0, and a register points to the slots.
 */
export interface Machine {
  readonly host: Host;
  /** For the ELF header. */
  readonly e_machine: number;
  /** Does a call store the return address in a register? A procedure then saves it in a slot. */
  readonly linkRegister: boolean;
  readonly a: number;
  /** Registers for a system call's number, up to six arguments, and result. */
  readonly syscallNumber: number;
  readonly syscallArguments: readonly number[];
  readonly syscallResult: number;

  /** Sets the constant registers; a = the initial stack pointer */
  start(code: Code, slots: Label): void;
  /** register = source */
  load(code: Code, register: number, from: Source): void;
  /** slot = register */
  store(code: Code, register: number, slot: number): void;
  /** slot = known operand */
  set(code: Code, slot: number, to: Known): void;
  /** a = a operator b */
  operate(code: Code, operator: Operator, b: Source): void;
  /** a = the low 32 bits of a, sign-extended */
  extend32(code: Code): void;
  /** a = a · b, signed; branches to the label if the product does not fit in 64 bits. */
  multiply(code: Code, b: Source, label: Label): void;
  /** a = zero-extended bytes at a + offset */
  read(code: Code, size: Size, offset: number): void;
  /** a = zero-extended bytes at a + b */
  readIndexed(code: Code, size: Size, b: Source): void;
  /** bytes at a + offset = low bytes of the value */
  write(code: Code, size: Size, offset: number, value: Source): void;
  /** Branches to the label if a comparison b holds. */
  branchIf(code: Code, comparison: Comparison, b: Source, label: Label): void;
  /**
   * Branches to the label unless −2⁵³ < a < 2⁵³, that is, unless a is a safe integer of JavaScript:
   * unless a + (2⁵³−1), unsigned, is at most twice 2⁵³−1.
   */
  branchUnlessSafe(code: Code, label: Label): void;
  jump(code: Code, label: Label): void;
  call(code: Code, label: Label): void;
  /** Begins a procedure; `link` is the slot for the return address, if linkRegister. */
  enter(code: Code, link: number | undefined): void;
  return(code: Code, link: number | undefined): void;
  syscall(code: Code): void;
  /** Ends the process with a signal, in a place that is never reached. */
  trap(code: Code): void;
}
