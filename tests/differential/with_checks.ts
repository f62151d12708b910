import type { Address, Operand, Variable } from "../../lib/native/language.ts";
import { Program, type SyscallName } from "../../lib/native/program.ts";

/** Which arguments of a system call are memory and its size. */
const MEMORY: Partial<Record<SyscallName, readonly [at: number, size: number]>> = {
  getcwd: [0, 1],
  pread64: [1, 2],
  read: [1, 2],
  readlinkat: [2, 3],
  write: [1, 2],
};

/**
 * What `build` makes, each of its loads and stores preceded by a check: what is not wholly in one
 * of its buffers, in its constants, in the memory that the variables “table” and “table_size” tell
 * or in the stack that the kernel filled ends it by SIGSEGV, also where memory happens to be mapped
 * there. Stores are for buffers alone. Its procedures, statements and their order stay.
 */
export function withChecks<Built>(build: () => Built): Built {
  const own = Object.getOwnPropertyDescriptors(Program.prototype);
  try {
    new Checks().putIn();
    return build();
  } finally {
    Object.defineProperties(Program.prototype, own);
  }
}

type Access = "load" | "store";

class Checks {
  readonly #real = { ...methods() };
  readonly #known = new Map<string, Variable>();
  readonly #buffers: (readonly [Address, number])[] = [];
  readonly #constants: (readonly [Address, number])[] = [];
  #procedures: Record<Access, ReturnType<Program["procedure"]>> | undefined;
  #ranges: Address | undefined;

  putIn(): void {
    const real = this.#real;
    const note = this.#note.bind(this);
    const check = this.#check.bind(this);
    const wrapEntry = this.#entry.bind(this);
    Object.assign(
      Program.prototype,
      {
        variable(name) {
          return note(name, real.variable.call(this, name));
        },
        buffer: this.#recorded(real.buffer, this.#buffers, (_, size) => size as number),
        text: this.#recorded(real.text, this.#constants, (text) => size(text as string)),
        bytes: this.#recorded(real.bytes, this.#constants, (bytes) => (bytes as Uint8Array).length),
        read(variable, size, address, offset = 0) {
          check(this, "load", address, offset, size);
          real.read.call(this, variable, size, address, offset);
        },
        write(size, address, value, offset = 0) {
          check(this, "store", address, offset, size);
          real.write.call(this, size, address, value, offset);
        },
        syscall(result, name, ...args) {
          const [at, room] = MEMORY[name] ?? [];
          if (at !== undefined) {
            check(this, name === "write" ? "load" : "store", args[at]!, 0, args[room!]!);
          }
          real.syscall.call(this, result, name, ...args);
        },
        entry(stack, body) {
          real.entry.call(this, stack, () => wrapEntry(this, stack, body));
        },
      } satisfies Partial<Program> & ThisType<Program>,
    );
  }

  #note(name: string, variable: Variable): Variable {
    this.#known.set(name, variable);
    return variable;
  }

  #recorded<Args extends unknown[]>(
    real: (this: Program, ...args: Args) => Address,
    into: (readonly [Address, number])[],
    size: (...args: Args) => number,
  ) {
    return function (this: Program, ...args: Args): Address {
      const address = real.apply(this, args);
      if (!into.some(([known]) => known === address)) into.push([address, size(...args)]);
      return address;
    };
  }

  #check(program: Program, access: Access, address: Operand, offset: number, size: Operand) {
    this.#procedures ??= this.#define(program);
    const at = this.#known.get("checked_address")!;
    const room = this.#known.get("checked_room")!;
    this.#real.do.call(program, at, address, "+", offset);
    this.#real.set.call(program, room, size);
    this.#real.call.call(program, this.#procedures[access]);
  }

  /** Once, when the first check is met; `in_ranges` looks through what #entry lists. */
  #define(p: Program) {
    const real = this.#real;
    const variable = (name: string) => this.#note(name, real.variable.call(p, name));
    const [at, end, room] = ["address", "end", "room"].map((name) => variable(`checked_${name}`));
    const [start, limit, cursor] = ["start", "limit", "cursor"].map((name) =>
      variable(`range_${name}`)
    );
    const stack = variable("checked_stack");
    this.#ranges = real.buffer.call(p, "checked_ranges", 16 * 512);
    const { table, table_size } = Object.fromEntries(this.#known);
    const unless = (low: Operand, high: Operand) =>
      p.if(at!, ">=", low, () => p.if(end!, "<=", high, () => p.return()));
    const within = (beginning: Operand, length: Operand) => {
      p.do(limit!, beginning, "+", length);
      unless(beginning, limit!);
    };
    const define = (access: Access) =>
      real.procedure.call(p, `check_${access}`, [], () => {
        p.do(end!, at!, "+", room!);
        p.if(end!, ">=", at!, () => {
          if (access === "load") {
            within(table!, table_size!);
            unless(stack, -1);
          }
          p.set(cursor!, this.#ranges!);
          // Constants come last, behind a 0, and are not there for stores.
          for (const kind of access === "load" ? ["buffers", "constants"] : ["buffers"]) {
            void kind;
            real.read.call(p, start!, 8, cursor!);
            p.while(start!, "!=", 0, () => {
              real.read.call(p, limit!, 8, cursor!, 8);
              unless(start!, limit!);
              p.do(cursor!, cursor!, "+", 16);
              real.read.call(p, start!, 8, cursor!);
            });
            p.do(cursor!, cursor!, "+", 16);
          }
        });
        real.write.call(p, 8, 8, 0);
      });
    return { load: define("load"), store: define("store") };
  }

  /** The list of ranges is written behind the body, where all are known, and runs before it. */
  #entry(p: Program, stack: Variable, body: () => void): void {
    const ready = this.#real.variable.call(p, "checks_are_ready");
    const address = this.#real.variable.call(p, "listed_address");
    p.loop(() => {
      p.if(ready, "==", 1, body);
      p.set(this.#known.get("checked_stack")!, stack);
      let at = 0;
      const put = (value: Operand) => this.#real.write.call(p, 8, this.#ranges!, value, 8 * at++);
      for (const ranges of [this.#buffers, this.#constants]) {
        for (const [start, size] of ranges) {
          put(start);
          p.do(address, start, "+", size);
          put(address);
        }
        put(0);
        put(0);
      }
      p.set(ready, 1);
    });
  }
}

function methods() {
  const { variable, buffer, text, bytes, read, write, syscall, entry, procedure, set, call } =
    Program.prototype;
  return {
    ...{ variable, buffer, text, bytes, read, write, syscall, entry, procedure, set, call },
    do: Program.prototype.do,
  };
}

function size(text: string): number {
  return new TextEncoder().encode(text).length + 1;
}
