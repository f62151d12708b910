import { aarch64 } from "./aarch64.ts";
import { bitPattern } from "./bit_pattern.ts";
import { type Code, Label } from "./code.ts";
import type {
  Address,
  Comparison,
  Operand,
  Operator,
  Procedure,
  Size,
  Target,
  Variable,
} from "./language.ts";
import { link } from "./link.ts";
import type { Machine } from "./machine.ts";
import { Memory } from "./memory.ts";
import { inRange } from "./in_range.ts";
import { Routine } from "./routine.ts";
import { type SyscallName, syscallOf } from "./syscalls.ts";
import { x86_64 } from "./x86_64.ts";

export type * from "./language.ts";
export type { SyscallName } from "./syscalls.ts";

const MACHINES: Record<Target, Machine> = { x86_64, aarch64 };

/**
 * Writes a small static program for Linux: statements on 64-bit variables in, an ELF file out.
 *
 *     const p = new Program("aarch64");
 *     const stack = p.variable("stack"), result = p.variable("result");
 *     p.entry(stack, () => {
 *       p.syscall(result, "write", 1, p.text("hello\n"), 6);
 *       p.syscall(result, "exit_group", 0);
 *     });
 *     const file = p.image();
 *
 * There is no type but the 64-bit number, no scope and no stack frame: every variable has one fixed
 * place in memory and starts as 0. A procedure can be called only after it was written, so there is
 * no recursion. A misuse (another program's variable, a number out of range, leave() outside of a
 * loop) throws while the program is built.
 */
export class Program {
  readonly target: Target;
  readonly #machine: Machine;
  readonly #memory = new Memory();
  readonly #routines = new Map<Procedure | "entry", Routine>();
  /** Whose body is being written. */
  #routine: Routine | undefined;

  constructor(target: Target) {
    this.target = target;
    this.#machine = MACHINES[target];
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

  /** Bytes, read-only, at a multiple of 8. */
  bytes(bytes: Uint8Array): Address {
    return this.#memory.bytes(bytes);
  }

  /** variable = value */
  set(variable: Variable, value: Operand): void {
    this.#load(this.#machine.a, value);
    this.#store(variable, this.#machine.a);
  }

  /** variable = a operator b */
  do(variable: Variable, a: Operand, operator: Operator, b: Operand): void {
    const isShift = operator === "<<" || operator === ">>";
    if (isShift && typeof b !== "object") inRange("shift count", Number(b), 0, 63);
    this.#load(this.#machine.a, a);
    this.#load(this.#machine.b, b);
    this.#machine.operate(this.#code, operator);
    this.#store(variable, this.#machine.a);
  }

  /** variable = the `size` bytes at address + offset, zero-extended; alignment is not needed. */
  read(variable: Variable, size: Size, address: Operand, offset = 0): void {
    this.#load(this.#machine.a, address);
    this.#machine.load(this.#code, checkedSize(size), offset);
    this.#store(variable, this.#machine.a);
  }

  /** The `size` bytes at address + offset = the low bytes of value. */
  write(size: Size, address: Operand, value: Operand, offset = 0): void {
    this.#load(this.#machine.a, address);
    this.#load(this.#machine.b, value);
    this.#machine.store(this.#code, checkedSize(size), offset);
  }

  if(
    a: Operand,
    comparison: Comparison,
    b: Operand,
    then: () => void,
    otherwise?: () => void,
  ): void {
    const other = new Label(), end = new Label();
    this.#branchUnless(a, comparison, b, other);
    then();
    if (otherwise !== undefined) this.#machine.jump(this.#code, end);
    this.#code.mark(other);
    otherwise?.();
    this.#code.mark(end);
  }

  while(a: Operand, comparison: Comparison, b: Operand, body: () => void): void {
    this.#repeat(body, (end) => this.#branchUnless(a, comparison, b, end));
  }

  /** For ever, until leave(). */
  loop(body: () => void): void {
    this.#repeat(body, () => {});
  }

  /** Goes on behind the innermost loop. */
  leave(): void {
    this.#machine.jump(this.#code, this.#innermostLoop().end);
  }

  /** Goes on with the innermost loop's next turn. */
  again(): void {
    this.#machine.jump(this.#code, this.#innermostLoop().top);
  }

  /** Code that call() runs; it returns at its end. */
  procedure(name: string, parameters: readonly Variable[], body: () => void): Procedure {
    // A call hands its arguments over in the registers that a system call's go to.
    const most = this.#machine.syscallArguments.length;
    inRange(`number of parameters of procedure “${name}”:`, parameters.length, 0, most);
    for (const parameter of parameters) this.#memory.slotOf(parameter);
    if (new Set(parameters).size < parameters.length) {
      throw new TypeError(`Cannot write procedure “${name}”: a parameter is there twice`);
    }
    const procedure: Procedure = { kind: "procedure", name: this.#memory.unique(name), parameters };
    const slot = this.#machine.linkRegister
      ? this.#memory.slotOf(this.variable(`${name}.return`))
      : undefined;
    const routine = new Routine("procedure", name, slot);
    this.#fill(routine, () => {
      this.#machine.enter(routine.code, slot);
      body();
      this.#machine.return(routine.code, slot);
    });
    this.#routines.set(procedure, routine);
    return procedure;
  }

  /** Sets the parameters to the arguments, all at once, and runs the procedure. */
  call(procedure: Procedure, ...args: Operand[]): void {
    const routine = this.#routines.get(procedure);
    if (routine === undefined) {
      const name = procedure?.name;
      throw new TypeError(
        `Cannot call procedure “${name}”: it is not this program's, or not written yet`,
      );
    }
    const { name, parameters } = procedure;
    if (args.length !== parameters.length) {
      const counts = `it has ${parameters.length} parameters, not ${args.length}`;
      throw new TypeError(`Cannot call procedure “${name}”: ${counts}`);
    }
    const registers = this.#machine.syscallArguments;
    args.forEach((argument, i) => this.#load(registers[i]!, argument));
    parameters.forEach((parameter, i) => this.#store(parameter, registers[i]!));
    this.#machine.call(this.#code, routine.label);
  }

  /** Goes back to behind the call. */
  return(): void {
    const { code, kind, link } = this.#open;
    if (kind === "entry") throw new TypeError("Cannot return from the entry: nothing called it");
    this.#machine.return(code, link);
  }

  /** result = what the kernel returns, −errno for an error. Arguments left out at the end are 0. */
  syscall(result: Variable, name: SyscallName, ...args: Operand[]): void {
    const { number, parameters } = syscallOf(name, this.target);
    inRange(`number of arguments of ${name}:`, args.length, 0, parameters);
    const { syscallArguments, syscallNumber, syscallResult } = this.#machine;
    for (let i = 0; i < parameters; i++) this.#load(syscallArguments[i]!, args[i] ?? 0);
    this.#load(syscallNumber, number);
    this.#machine.syscall(this.#code);
    this.#store(result, syscallResult);
  }

  /**
   * Where the program starts. `stack` is set to the initial stack pointer: argc is there, then
   * argv, envp and auxv follow. The body must end the process: an instruction behind it kills it.
   */
  entry(stack: Variable, body: () => void): void {
    if (this.#routines.has("entry")) throw new TypeError("Cannot write a second entry");
    const routine = new Routine("entry", this.#memory.unique("_start"));
    this.#routines.set("entry", routine);
    this.#fill(routine, () => {
      this.#machine.start(routine.code, this.#memory.slots);
      this.#store(stack, this.#machine.a);
      body();
      this.#machine.trap(routine.code);
    });
  }

  /** The ELF file; with symbols, debuggers show the names of procedures, buffers and variables. */
  image(options: { readonly symbols?: boolean } = {}): Uint8Array<ArrayBuffer> {
    if (this.#routine !== undefined) {
      throw new TypeError("Cannot make an image: a body is still being written");
    }
    const routines = [...this.#routines.values()];
    return link(this.#machine, routines, this.#memory, options.symbols ?? false);
  }

  get #open(): Routine {
    if (this.#routine !== undefined) return this.#routine;
    throw new TypeError("Cannot write a statement outside of the entry and of a procedure");
  }

  get #code(): Code {
    return this.#open.code;
  }

  #fill(routine: Routine, body: () => void): void {
    const outer = this.#routine;
    this.#routine = routine;
    body();
    this.#routine = outer;
  }

  /** register = operand */
  #load(register: number, operand: Operand): void {
    if (typeof operand === "object" && operand.kind === "variable") {
      this.#machine.loadSlot(this.#code, register, this.#memory.slotOf(operand));
    } else if (typeof operand === "object") {
      this.#machine.address(this.#code, register, this.#memory.labelOf(operand));
    } else {
      this.#machine.number(this.#code, register, bitPattern(operand));
    }
  }

  #store(variable: Variable, register: number): void {
    this.#machine.storeSlot(this.#code, register, this.#memory.slotOf(variable));
  }

  #branchUnless(a: Operand, comparison: Comparison, b: Operand, label: Label): void {
    this.#load(this.#machine.a, a);
    this.#load(this.#machine.b, b);
    this.#machine.branchUnless(this.#code, comparison, label);
  }

  #repeat(body: () => void, test: (end: Label) => void): void {
    const { code, loops } = this.#open;
    const top = new Label(), end = new Label();
    code.mark(top);
    test(end);
    loops.push({ top, end });
    body();
    loops.pop();
    this.#machine.jump(code, top);
    code.mark(end);
  }

  #innermostLoop() {
    const loop = this.#open.loops.at(-1);
    if (loop === undefined) {
      throw new TypeError("Cannot leave or repeat a loop: there is none here");
    }
    return loop;
  }
}

function checkedSize(size: Size): Size {
  if ([1, 2, 4, 8].includes(size)) return size;
  throw new RangeError(`Cannot read or write ${size} bytes: expected 1, 2, 4 or 8`);
}
