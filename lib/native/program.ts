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
 * Writes a static program for Linux: statements on 64-bit variables become machine code.
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
 * The only type is the 64-bit number. Each variable has a fixed place in memory and is initially 0;
 * there are no scopes and no stack frames. A procedure can only be called after it is written, so
 * there is no recursion. Wrong use, such as another program's variable, throws.
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

  /** Eight bytes of memory. Names are unique and appear in debuggers and messages. */
  variable(name: string): Variable {
    return this.#memory.variable(name);
  }

  /** `size` bytes of memory at a multiple of 16, initially zero. */
  buffer(name: string, size: number): Address {
    return this.#memory.buffer(name, size);
  }

  /** Read-only UTF-8 with a zero byte at its end. Equal texts are stored once. */
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
   * variable = a operator b, signed; jumps to the label if the result is not between −2⁵³ and 2⁵³,
   * where JavaScript's integers are exact. For + and −, both operands must be such integers, since
   * 64 bits wrap.
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

  /** Constants are better on the right, and what is in the accumulator on the left. */
  #isBetterLeft(operand: Operand, than: Operand): boolean {
    return typeof than !== "object" || (this.#emitter.holds(operand) && !this.#emitter.holds(than));
  }

  /** variable = the `size` bytes at address + offset, zero-extended, not necessarily aligned */
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

  /** The `size` bytes at address + offset = the low bytes of value */
  write(size: Size, address: Operand, value: Operand, offset = 0): void {
    const source = this.#emitter.source(value);
    this.#emitter.load(this.#machine.a, address);
    this.#emitter.keep((machine, code) => machine.write(code, checkedSize(size), offset, source));
  }

  /** The address and length of an option; see imageOf(). */
  readOption(address: Variable, length: Variable, index: number): void {
    const { place, offset } = this.#memory.option(index);
    this.read(address, 8, place, offset);
    this.read(length, 8, place, offset + 8);
  }

  /** Puts the label here. */
  mark(label: Label): void {
    this.#emitter.mark(label);
  }

  jump(label: Label): void {
    this.#emitter.keep((machine, code) => machine.jump(code, label));
  }

  /** Jumps to the label if the comparison holds. */
  branchIf(a: Operand, comparison: Comparison, b: Operand, label: Label): void {
    if (this.#isBetterLeft(b, a)) return this.#branchIf(b, mirrored(comparison), a, label);
    this.#branchIf(a, comparison, b, label);
  }

  #branchIf(a: Operand, comparison: Comparison, b: Operand, label: Label): void {
    const source = this.#emitter.source(b);
    this.#emitter.load(this.#machine.a, a);
    this.#emitter.keep((machine, code) => machine.branchIf(code, comparison, source, label));
  }

  /** Jumps to the label unless the comparison holds. */
  branchUnless(a: Operand, comparison: Comparison, b: Operand, label: Label): void {
    this.branchIf(a, opposite(comparison), b, label);
  }

  /** Ends the process with a signal. */
  trap(): void {
    this.#emitter.keep((machine, code) => machine.trap(code));
  }

  /** Code for call(); it returns at its end. */
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

  /** Sets all parameters to the arguments at once, and runs the procedure. */
  call(procedure: Procedure, ...args: Operand[]): void {
    const routine = this.#routines.get(procedure);
    if (routine === undefined) {
      const why = "it is not this program's, or not written yet";
      throw new TypeError(`Cannot call procedure “${procedure?.name}”: ${why}`);
    }
    checkArguments(`procedure “${procedure.name}”`, procedure.parameters.length, args.length);
    // All arguments are loaded before a parameter changes.
    const registers = this.#machine.syscallArguments;
    args.forEach((argument, i) => this.#emitter.load(registers[i]!, argument));
    procedure.parameters.forEach((parameter, i) => this.#emitter.store(parameter, registers[i]!));
    this.#emitter.change((machine, code) => machine.call(code, routine.label));
  }

  /** Returns from the procedure. */
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
   * The start of the program. `stack` is set to the initial stack pointer, where argc, argv, envp
   * and auxv are. The body must end the process; a trap follows it.
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

  /** The linked program, for imageOf(). */
  code(): LinkedCode {
    if (this.#emitter.isWriting) {
      throw new TypeError("Cannot link the code: a body is still being written");
    }
    return link(this.#machine, [...this.#routines.values()], this.#memory);
  }
}
