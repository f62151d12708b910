import { bitPattern } from "./bit_pattern.ts";
import type { Code, Label } from "./code.ts";
import type { Operand, Variable } from "./language.ts";
import type { Machine, Source } from "./machine.ts";
import type { Memory } from "./memory.ts";
import type { Routine } from "./routine.ts";

type Write = (machine: Machine, code: Code) => void;

/**
 * Appends instructions to the open routine. It knows which variables have the same value as the
 * accumulator, so that they are not loaded again, until the accumulator changes or a label follows.
 */
export class Emitter {
  readonly #machine: Machine;
  readonly #memory: Memory;
  #routine: Routine | undefined;
  /** The variables whose value is in the accumulator. */
  #held = new Set<Variable>();

  constructor(machine: Machine, memory: Memory) {
    this.#machine = machine;
    this.#memory = memory;
  }

  /** The routine whose body is written. */
  get routine(): Routine {
    if (this.#routine !== undefined) return this.#routine;
    throw new TypeError("Cannot write a statement outside of the entry and of a procedure");
  }

  get isWriting(): boolean {
    return this.#routine !== undefined;
  }

  /** Writes a routine's body, possibly while another one's is written. */
  fill(routine: Routine, body: () => void): void {
    const outer = this.#routine, held = this.#held;
    this.#routine = routine;
    this.#held = new Set();
    body();
    this.#routine = outer;
    this.#held = held;
  }

  /** Is the operand in the accumulator? */
  holds(operand: Operand): boolean {
    return typeof operand === "object" && operand.kind === "variable" && this.#held.has(operand);
  }

  /** The operand as the machine addresses it. */
  source(operand: Operand): Source {
    if (typeof operand !== "object") return { value: bitPattern(operand) };
    if (operand.kind === "address") return { label: this.#memory.labelOf(operand) };
    return { slot: this.#memory.slotOf(operand) };
  }

  /** register = operand */
  load(register: number, operand: Operand): void {
    const source = this.source(operand);
    const isA = register === this.#machine.a;
    if (isA && this.holds(operand)) return;
    this.#machine.load(this.routine.code, register, source);
    if (!isA) return;
    this.#held.clear();
    if ("slot" in source) this.#held.add(operand as Variable);
  }

  /** variable = value */
  set(variable: Variable, value: Operand): void {
    const slot = this.#memory.slotOf(variable), source = this.source(value);
    if ("slot" in source) {
      this.load(this.#machine.a, value);
      return this.store(variable, this.#machine.a);
    }
    this.#machine.set(this.routine.code, slot, source);
    this.#held.delete(variable);
  }

  /** variable = the accumulator after `write`, which begins with `a` in it */
  calculate(variable: Variable, a: Operand, write: Write): void {
    this.load(this.#machine.a, a);
    this.change(write);
    this.store(variable, this.#machine.a);
  }

  /** variable = register */
  store(variable: Variable, register: number): void {
    this.#machine.store(this.routine.code, register, this.#memory.slotOf(variable));
    if (register === this.#machine.a) this.#held.add(variable);
    else this.#held.delete(variable);
  }

  /** Writes instructions that change the accumulator. */
  change(write: Write): void {
    this.#held.clear();
    write(this.#machine, this.routine.code);
  }

  /** Writes instructions that keep the accumulator: branches, jumps, stores. */
  keep(write: Write): void {
    write(this.#machine, this.routine.code);
  }

  /** Puts the label here. */
  mark(label: Label): void {
    this.#held.clear();
    this.routine.code.mark(label);
  }
}
