import { assertEquals, assertThrows } from "@std/assert";
import { aarch64 } from "../../lib/native/aarch64.ts";
import { Label } from "../../lib/native/code.ts";
import { Emitter } from "../../lib/native/emitter.ts";
import type { Variable } from "../../lib/native/language.ts";
import { Memory } from "../../lib/native/memory.ts";
import { Routine } from "../../lib/native/routine.ts";
import { x86_64 } from "../../lib/native/x86_64.ts";

interface Setup {
  readonly e: Emitter;
  readonly a: number;
  readonly x: Variable;
  readonly y: Variable;
}

/** A register that is no machine's a. */
const ANOTHER = 1;

/** Is x loaded into a again after these statements? Both machines agree. */
function isLoaded(before: (setup: Setup) => void): boolean {
  const [first, second] = [x86_64, aarch64].map((machine) => {
    const memory = new Memory(), e = new Emitter(machine, memory);
    const x = memory.variable("x"), y = memory.variable("y"), routine = new Routine("entry", "r");
    let emitted = 0;
    e.fill(routine, () => {
      before({ e, a: machine.a, x, y });
      const { size } = routine.code;
      e.load(machine.a, x);
      emitted = routine.code.size - size;
    });
    return emitted > 0;
  });
  assertEquals(first, second);
  return first!;
}

/** Statements after which a still contains x. */
const KEEPING: Record<string, (setup: Setup) => void> = {
  "loading it": () => {},
  "storing a": ({ e, a, x }) => e.store(x, a),
  "a branch": ({ e }) =>
    e.keep((machine, code) => machine.branchIf(code, "==", e.source(1), new Label())),
  "loading another register": ({ e, y }) => e.load(ANOTHER, y),
  "storing another register elsewhere": ({ e, y }) => e.store(y, ANOTHER),
  "storing a to another variable": ({ e, a, y }) => e.store(y, a),
  "setting another variable to a number": ({ e, y }) => e.set(y, 1),
  "setting it to another variable": ({ e, x, y }) => e.set(x, y),
  "setting another variable to it": ({ e, x, y }) => e.set(y, x),
  "a calculation into it": ({ e, x, y }) =>
    e.calculate(x, y, (machine, code) => machine.operate(code, "+", e.source(1))),
  "another routine in between": ({ e }) => e.fill(new Routine("procedure", "f"), () => {}),
};

/** Statements after which a no longer contains x. */
const DISCARDING: Record<string, (setup: Setup) => void> = {
  "loading another variable": ({ e, a, y }) => e.load(a, y),
  "loading a number": ({ e, a }) => e.load(a, 1),
  "storing another register to it": ({ e, x }) => e.store(x, ANOTHER),
  "setting it to a number": ({ e, x }) => e.set(x, 1),
  "a change of a": ({ e }) => e.change(() => {}),
  "a calculation into another variable": ({ e, x, y }) =>
    e.calculate(y, x, (machine, code) => machine.operate(code, "+", e.source(1))),
  "a label": ({ e }) => e.mark(new Label()),
};

for (const [what, after] of Object.entries(KEEPING)) {
  Deno.test(`a variable in a is not loaded again after ${what}`, () => {
    assertEquals(isLoaded((setup) => (setup.e.load(setup.a, setup.x), after(setup))), false);
  });
}

for (const [what, after] of Object.entries(DISCARDING)) {
  Deno.test(`a variable is loaded again after ${what}`, () => {
    assertEquals(isLoaded((setup) => (setup.e.load(setup.a, setup.x), after(setup))), true);
  });
}

Deno.test("a routine begins without a variable in a, even inside another routine", () => {
  assertEquals(isLoaded(() => {}), true);
  const memory = new Memory(), x = memory.variable("x"), e = new Emitter(x86_64, memory);
  const inner = new Routine("procedure", "inner");
  e.fill(new Routine("entry", "outer"), () => {
    e.load(x86_64.a, x);
    e.fill(inner, () => e.load(x86_64.a, x));
    assertEquals(e.isWriting, true);
  });
  assertEquals(inner.code.size > 0, true);
  assertEquals(e.isWriting, false);
});

Deno.test("another program's variable is refused, whatever a contains", () => {
  const e = new Emitter(x86_64, new Memory()), foreign = new Memory().variable("x");
  e.fill(new Routine("entry", "r"), () => {
    assertThrows(() => e.load(x86_64.a, foreign), TypeError, "variable “x”");
    assertThrows(() => e.store(foreign, x86_64.a), TypeError, "variable “x”");
    assertThrows(() => e.load(x86_64.a, foreign), TypeError, "variable “x”");
  });
});

Deno.test("statements outside of a routine are refused", () => {
  const memory = new Memory(), e = new Emitter(x86_64, memory), x = memory.variable("x");
  const outside = "outside of the entry";
  assertThrows(() => e.load(x86_64.a, x), TypeError, outside);
  assertThrows(() => e.keep(() => {}), TypeError, outside);
  assertThrows(() => e.mark(new Label()), TypeError, outside);
});
