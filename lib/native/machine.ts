import type { Code, Label } from "./code.ts";
import type { Comparison, Operator, Size, Target } from "./language.ts";

/**
 * What Program asks of a machine: all that differs between the targets. Registers are numbers as
 * the machine counts them. Two of them, `a` and `b`, hold what is computed with right now; nothing
 * stays in them from one statement to the next. Every variable has a slot in memory, counted from
 * 0; one more register points to slot 0.
 */
export interface Machine {
  readonly target: Target;
  /** For the ELF header. */
  readonly e_machine: number;
  /** A call puts the return address into a register: a procedure keeps it in a slot. */
  readonly linkRegister: boolean;
  readonly a: number;
  readonly b: number;
  /** Of a system call: its number, its up to six arguments, its result. */
  readonly syscallNumber: number;
  readonly syscallArguments: readonly number[];
  readonly syscallResult: number;

  /** First code of all: the slots' address into its register, the initial stack pointer into a. */
  start(code: Code, slots: Label): void;
  /** register = number, 0 to 2⁶⁴−1 */
  number(code: Code, register: number, value: bigint): void;
  /** register = address of the label */
  address(code: Code, register: number, label: Label): void;
  /** register = slot */
  loadSlot(code: Code, register: number, slot: number): void;
  /** slot = register */
  storeSlot(code: Code, register: number, slot: number): void;
  /** a = a operator b */
  operate(code: Code, operator: Operator): void;
  /** a = zero-extended bytes at a + offset */
  load(code: Code, size: Size, offset: number): void;
  /** bytes at a + offset = low bytes of b */
  store(code: Code, size: Size, offset: number): void;
  /** Goes to the label unless a comparison b holds. */
  branchUnless(code: Code, comparison: Comparison, label: Label): void;
  jump(code: Code, label: Label): void;
  call(code: Code, label: Label): void;
  /** First code of a procedure; `link`: its slot for the return address, if linkRegister. */
  enter(code: Code, link: number | undefined): void;
  return(code: Code, link: number | undefined): void;
  syscall(code: Code): void;
  /** Ends the process by a signal: stands where no code may be reached. */
  trap(code: Code): void;
}
