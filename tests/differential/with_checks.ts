import type { Address, Operand, Variable } from "../../lib/native/language.ts";
import { Label, Program, type SyscallName } from "../../lib/native/program.ts";
import { type Parameter, syscallOf } from "../../lib/native/syscalls.ts";
import {
  type CheckingProcedures,
  checkingProcedures,
  MAX_RANGES,
  RANGE,
} from "./checking_procedures.ts";
import { when } from "./statements.ts";

const { buffer, text, read, write, readIndexed, readOption, syscall, entry } = Program.prototype;
const REAL = { buffer, text, read, write, readIndexed, readOption, syscall, entry };

/**
 * Has `build` make one program with a check before each load, store and system call that accesses
 * its memory. An access ends the program by SIGSEGV unless it is wholly in one of its buffers,
 * constants, options or mapped files, or in the stack that the kernel filled, even if other memory
 * is mapped there. Stores are allowed only in buffers and files that are mapped writable. The
 * program's procedures, its statements and their order stay the same.
 */
export function withChecks<Built>(build: () => Built): Built {
  try {
    new Checks().putIn();
    return build();
  } finally {
    Object.assign(Program.prototype, REAL);
  }
}

class Checks {
  readonly #buffers = new Map<Address, number>();
  readonly #constants = new Map<Address, number>();
  #options = 0;
  /** Is a check being written? */
  #isOwn = false;
  #known: CheckingProcedures | undefined;

  putIn(): void {
    // deno-lint-ignore no-this-alias
    const checks = this;
    const overrides: Partial<Program> & ThisType<Program> = {
      buffer(name, size) {
        return checks.#note(checks.#buffers, REAL.buffer.call(this, name, size), size);
      },
      text(text) {
        const size = new TextEncoder().encode(text).length + 1;
        return checks.#note(checks.#constants, REAL.text.call(this, text), size);
      },
      read(variable, size, address, offset = 0) {
        checks.#check(this, address, offset, size, 0);
        REAL.read.call(this, variable, size, address, offset);
      },
      readIndexed(variable, size, a, b) {
        checks.#check(this, a, b, size, 0);
        REAL.readIndexed.call(this, variable, size, a, b);
      },
      write(size, address, value, offset = 0) {
        checks.#check(this, address, offset, size, 1);
        REAL.write.call(this, size, address, value, offset);
      },
      readOption(address, length, index) {
        checks.#options = Math.max(checks.#options, index + 1);
        checks.#own(() => REAL.readOption.call(this, address, length, index));
      },
      syscall(result, name, ...args) {
        checks.#checkArguments(this, name, args);
        REAL.syscall.call(this, result, name, ...args);
        if (name === "mmap") checks.#noteMapped(this, result, args);
      },
      entry(stack, body) {
        REAL.entry.call(this, stack, () => checks.#begin(this, stack, body));
      },
    };
    Object.assign(Program.prototype, overrides);
  }

  #note(into: Map<Address, number>, address: Address, size: number): Address {
    if (!this.#isOwn) into.set(address, size);
    return address;
  }

  /** Writes statements of a check, which are not checked themselves. */
  #own(body: () => void): void {
    const outer = this.#isOwn;
    this.#isOwn = true;
    body();
    this.#isOwn = outer;
  }

  #check(p: Program, a: Operand, b: Operand, size: Operand, isStore: 0 | 1): void {
    if (this.#isOwn) return;
    this.#own(() => {
      const { address, range } = this.#written(p);
      p.do(address, a, "+", b);
      p.call(range, address, size, isStore);
    });
  }

  #checkArguments(p: Program, name: SyscallName, args: readonly Operand[]): void {
    if (this.#isOwn) return;
    syscallOf(name, p.host).parameters.forEach((parameter, i) =>
      this.#own(() => this.#checkArgument(p, parameter, args[i] ?? 0, args))
    );
  }

  #checkArgument(p: Program, parameter: Parameter, arg: Operand, args: readonly Operand[]): void {
    if (parameter === "number") return;
    const { range, string, addresses } = this.#written(p);
    if (parameter === "path") return p.call(string, arg);
    if (parameter === "addresses") return p.call(addresses, arg);
    if ("optional" in parameter) {
      return when(p, arg, "!=", 0, () => this.#checkArgument(p, parameter.optional, arg, args));
    }
    const size = "size" in parameter ? parameter.size : args[parameter.sizedBy]!;
    p.call(range, arg, size, parameter.bytes === "out" ? 1 : 0);
  }

  #noteMapped(p: Program, address: Variable, [, size, protection]: readonly Operand[]): void {
    this.#own(() => p.call(this.#written(p).mapped, address, size!, protection!));
  }

  /** The checks' own procedures, written when the first one is needed. */
  #written(p: Program): CheckingProcedures {
    return this.#known ??= checkingProcedures(p);
  }

  /** The list of ranges is written after the body, when all are known, but runs before it. */
  #begin(p: Program, stack: Variable, body: () => void): void {
    const beginning = new Label(), list = new Label();
    p.jump(list);
    p.mark(beginning);
    body();
    p.trap();
    p.mark(list);
    this.#own(() => this.#list(p, stack));
    p.jump(beginning);
  }

  #list(p: Program, stack: Variable): void {
    const { address, size, ranges, nRanges, stackRange, checkOrder } = this.#written(p);
    let n = 0;
    const list = (start: Operand, length: Operand, writable: 0 | 1) => {
      if (n === MAX_RANGES) throw new RangeError(`there are more than ${MAX_RANGES} ranges`);
      p.write(8, ranges, start, RANGE.end * n + RANGE.start);
      p.do(size, start, "+", length);
      p.write(8, ranges, size, RANGE.end * n + RANGE.limit);
      p.write(8, ranges, writable, RANGE.end * n + RANGE.writable);
      n++;
    };
    // In their order in memory: lib/native/memory.ts, elf_image.ts.
    for (let i = 0; i < this.#options; i++) {
      p.readOption(address, size, i);
      list(address, size, 0);
    }
    for (const [constant, length] of this.#constants) list(constant, length, 0);
    const buffers = [...this.#buffers].sort(([, a], [, b]) => a - b);
    for (const [buffer, length] of buffers) list(buffer, length, 1);
    p.set(nRanges, n);
    p.call(checkOrder);
    p.call(stackRange, stack);
  }
}
