import { aarch64 } from "./aarch64.ts";
import { type Code, Label } from "./code.ts";
import { Emitter } from "./emitter.ts";
import type {
  Address,
  Comparison,
  Host,
  Operand,
  Operator,
  Procedure,
  Size,
  Variable,
} from "./language.ts";
import { link } from "./link.ts";
import type { LinkedCode } from "./linked_code.ts";
import type { Machine, Source } from "./machine.ts";
import { Memory } from "./memory.ts";
import { isCommutative, mirrored } from "./mirrored.ts";
import { checkDivisor, checkedSize, isZero } from "./operand_limits.ts";
import { opposite } from "./opposite.ts";
import { checkArguments, checkParameters } from "./parameters.ts";
import { Routine } from "./routine.ts";
import { type SyscallName, syscallOf } from "./syscalls.ts";
import { x86_64 } from "./x86_64.ts";

export { Label };
export type * from "./language.ts";
export type { SyscallName } from "./syscalls.ts";

const MACHINES: Record<Host, Machine> = { x86_64, aarch64 };

/**
 * Writes a small static program for Linux: statements on 64-bit variables in, machine code out.
 *
 *     const p = new Program("aarch64");
 *     const stack = p.variable("stack"), words = p.variable("words");
 *     const again = new Label(), end = new Label();
 *     p.entry(stack, () => {
 *       p.read(words, 8, stack); // argc
 *       p.mark(again);
 *       p.branchIf(words, "==", 0, end);
 *       p.do(words, words, "-", 1);
 *       p.syscall(stack, "write", 1, p.text("word\n"), 5);
 *       p.jump(again);
 *       p.mark(end);
 *       p.syscall(stack, "exit_group", 0);
 *     });
 *     const file = imageOf(p.code());
 *
 * There is no type but the 64-bit number, no scope and no stack frame: every variable has one fixed
 * place in memory and starts as 0. A procedure can be called only after it was written, so there is
 * no recursion. A misuse (another program's variable, a number out of range, a second entry) throws
 * while the program is built.
 */
export class Program {
  readonly host: Host;
  readonly #machine: Machine;
  readonly #memory = new Memory();
  readonly #emitter: Emitter;
  readonly #routines = new Map<Procedure | "entry", Routine>();

  constructor(host: Host) {
    this.host = host;
    this.#machine = MACHINES[host];
    this.#emitter = new Emitter(this.#machine, this.#memory);
  }

  /** Eight bytes of memory. Names are for debuggers and messages; each is given once. */
  variable(name: string): Variable {
    return this.#memory.variable(name);
  }

  /**
   * `size` bytes of memory, zero at the start, at a multiple of 16. Pages that are never touched
   * cost nothing.
   */
  buffer(name: string, size: number): Address {
    return this.#memory.buffer(name, size);
  }

  /** UTF-8 and a zero byte, read-only. The same text is stored once. */
  text(text: string): Address {
    return this.#memory.text(text);
  }

  /** variable = value */
  set(variable: Variable, value: Operand): void {
    this.#emitter.set(variable, value);
  }

  /** variable = a operator b */
  do(variable: Variable, a: Operand, operator: Operator, b: Operand): void {
    if ((operator === "+" || operator === "-") && isZero(b)) return this.set(variable, a);
    if (operator === "+" && isZero(a)) return this.set(variable, b);
    this.#calculate(variable, a, operator, b, (machine, code, b) => {
      machine.operate(code, operator, b);
    });
  }

  /** variable = the low 32 bits of a operator b, sign-extended */
  do32(variable: Variable, a: Operand, operator: Operator, b: Operand): void {
    this.#calculate(variable, a, operator, b, (machine, code, b) => {
      machine.operate(code, operator, b);
      machine.extend32(code);
    });
  }

  /**
   * variable = a operator b, signed, if that is beyond −2⁵³ and below 2⁵³, the integers that
   * JavaScript's numbers hold for sure; else goes to the label. What is added or subtracted has to
   * be such integers, since 64 bits wrap; what is multiplied may be anything.
   */
  doSafely(
    variable: Variable,
    a: Operand,
    operator: "+" | "-" | "*",
    b: Operand,
    otherwise: Label,
  ): void {
    this.#calculate(variable, a, operator, b, (machine, code, b) => {
      if (operator === "*") machine.multiply(code, b, otherwise);
      else machine.operate(code, operator, b);
      machine.branchUnlessSafe(code, otherwise);
    });
  }

  #calculate(
    variable: Variable,
    a: Operand,
    operator: Operator,
    b: Operand,
    write: (machine: Machine, code: Code, b: Source) => void,
  ): void {
    checkDivisor(operator, b);
    const [left, right] = isCommutative(operator) && this.#isBetterLeft(b, a) ? [b, a] : [a, b];
    const source = this.#emitter.source(right);
    this.#emitter.calculate(variable, left, (machine, code) => write(machine, code, source));
  }

  /** Left is what is in a, and right what may be part of the instruction. */
  #isBetterLeft(operand: Operand, than: Operand): boolean {
    return typeof than !== "object" || (this.#emitter.holds(operand) && !this.#emitter.holds(than));
  }

  /** variable = the `size` bytes at address + offset, zero-extended; alignment is not needed. */
  read(variable: Variable, size: Size, address: Operand, offset = 0): void {
    this.#emitter.calculate(variable, address, (machine, code) => {
      machine.read(code, checkedSize(size), offset);
    });
  }

  /** variable = the `size` bytes at a + b, as read() has them */
  readIndexed(variable: Variable, size: Size, a: Operand, b: Operand): void {
    this.#calculate(variable, a, "+", b, (machine, code, b) => {
      machine.readIndexed(code, checkedSize(size), b);
    });
  }

  /** The `size` bytes at address + offset = the low bytes of value. */
  write(size: Size, address: Operand, value: Operand, offset = 0): void {
    const source = this.#emitter.source(value);
    this.#emitter.load(this.#machine.a, address);
    this.#emitter.keep((machine, code) => machine.write(code, checkedSize(size), offset, source));
  }

  /** Where an option of the image stands, and its length in bytes; see imageOf(). */
  readOption(address: Variable, length: Variable, index: number): void {
    const { place, offset } = this.#memory.option(index);
    this.read(address, 8, place, offset);
    this.read(length, 8, place, offset + 8);
  }

  /** The label is here: what follows is what jumps and branches to it lead to. */
  mark(label: Label): void {
    this.#emitter.mark(label);
  }

  jump(label: Label): void {
    this.#emitter.keep((machine, code) => machine.jump(code, label));
  }

  /** Goes to the label if the comparison holds. */
  branchIf(a: Operand, comparison: Comparison, b: Operand, label: Label): void {
    if (this.#isBetterLeft(b, a)) return this.#branchIf(b, mirrored(comparison), a, label);
    this.#branchIf(a, comparison, b, label);
  }

  #branchIf(a: Operand, comparison: Comparison, b: Operand, label: Label): void {
    const source = this.#emitter.source(b);
    this.#emitter.load(this.#machine.a, a);
    this.#emitter.keep((machine, code) => machine.branchIf(code, comparison, source, label));
  }

  /** Goes to the label unless the comparison holds. */
  branchUnless(a: Operand, comparison: Comparison, b: Operand, label: Label): void {
    this.branchIf(a, opposite(comparison), b, label);
  }

  /** Ends the process by a signal. */
  trap(): void {
    this.#emitter.keep((machine, code) => machine.trap(code));
  }

  /** Code that call() runs; it returns at its end. */
  procedure(name: string, parameters: readonly Variable[], body: () => void): Procedure {
    checkParameters(name, parameters, this.#machine.syscallArguments.length);
    for (const parameter of parameters) this.#memory.slotOf(parameter);
    const procedure: Procedure = { kind: "procedure", name: this.#memory.unique(name), parameters };
    const slot = this.#machine.linkRegister
      ? this.#memory.slotOf(this.variable(`${name}.return`))
      : undefined;
    const routine = new Routine("procedure", name, slot);
    this.#emitter.fill(routine, () => {
      this.#emitter.keep((machine, code) => machine.enter(code, slot));
      body();
      this.#emitter.keep((machine, code) => machine.return(code, slot));
    });
    this.#routines.set(procedure, routine);
    return procedure;
  }

  /** Sets the parameters to the arguments, all at once, and runs the procedure. */
  call(procedure: Procedure, ...args: Operand[]): void {
    const routine = this.#routines.get(procedure);
    if (routine === undefined) {
      const why = "it is not this program's, or not written yet";
      throw new TypeError(`Cannot call procedure “${procedure?.name}”: ${why}`);
    }
    checkArguments(`procedure “${procedure.name}”`, procedure.parameters.length, args.length);
    // They are handed over in the registers that a system call's go to.
    const registers = this.#machine.syscallArguments;
    args.forEach((argument, i) => this.#emitter.load(registers[i]!, argument));
    procedure.parameters.forEach((parameter, i) => this.#emitter.store(parameter, registers[i]!));
    this.#emitter.change((machine, code) => machine.call(code, routine.label));
  }

  /** Goes back to behind the call. */
  return(): void {
    const { kind, link } = this.#emitter.routine;
    if (kind === "entry") throw new TypeError("Cannot return from the entry: nothing called it");
    this.#emitter.keep((machine, code) => machine.return(code, link));
  }

  /** result = what the kernel returns, −errno for an error */
  syscall(result: Variable, name: SyscallName, ...args: Operand[]): void {
    const { number, parameters } = syscallOf(name, this.host);
    checkArguments(name, parameters.length, args.length);
    const { syscallArguments, syscallNumber, syscallResult } = this.#machine;
    args.forEach((argument, i) => this.#emitter.load(syscallArguments[i]!, argument));
    this.#emitter.load(syscallNumber, number);
    this.#emitter.change((machine, code) => machine.syscall(code));
    this.#emitter.store(result, syscallResult);
  }

  /**
   * Where the program starts. `stack` is set to the initial stack pointer: argc is there, then
   * argv, envp and auxv follow. The body must end the process: an instruction behind it kills it.
   */
  entry(stack: Variable, body: () => void): void {
    if (this.#routines.has("entry")) throw new TypeError("Cannot write a second entry");
    const routine = new Routine("entry", this.#memory.unique("_start"));
    this.#routines.set("entry", routine);
    this.#emitter.fill(routine, () => {
      this.#emitter.change((machine, code) => machine.start(code, this.#memory.slots));
      this.#emitter.store(stack, this.#machine.a);
      body();
      this.trap();
    });
  }

  /** All code and constants at their addresses; see imageOf(). */
  code(): LinkedCode {
    if (this.#emitter.isWriting) {
      throw new TypeError("Cannot link the code: a body is still being written");
    }
    return link(this.#machine, [...this.#routines.values()], this.#memory);
  }
}
