import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type Procedure,
  Program,
  type Size,
  type SyscallName,
  type Target,
  type Variable,
} from "../../lib/native/program.ts";
import { test } from "../abilities.ts";
import { execute, neededFor, type Outcome, TARGETS } from "./execute.ts";
import {
  calculate,
  compare,
  COMPARISONS,
  EDGES,
  interpret,
  OPERATORS,
  randomProgram,
  translate,
} from "./random_program.ts";

const SEED = 20261122;

for (const target of TARGETS) {
  test({
    name: `Program does on ${target} what the interpreter of its statements does`,
    needs: neededFor(target),
    fn() {
      fc.assert(
        fc.property(randomProgram, (program) => {
          const { status, stdout } = execute(target, translate(program, target));
          assertEquals(status, 0);
          assertEquals(stdout, interpret(program));
        }),
        // Shrinking a program that never ends would take hours.
        { seed: SEED, numRuns: 300, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
      );
    },
  });
}

/** A program whose entry is this and which then ends with status 0. */
function withEntry(target: Target, body: (p: Program, stack: Variable) => void): Program {
  const p = new Program(target);
  const stack = p.variable("stack");
  p.entry(stack, () => {
    body(p, stack);
    p.syscall(stack, "exit_group", 0);
  });
  return p;
}

/** Writes the variables' eight bytes each to standard output. */
function print(p: Program, ...variables: Variable[]): void {
  const name = `printed.${printed++}`;
  const output = p.buffer(name, 8 * variables.length), result = p.variable(`${name}.result`);
  variables.forEach((variable, i) => p.write(8, output, variable, 8 * i));
  p.syscall(result, "write", 1, output, 8 * variables.length);
}
let printed = 0;

function numbers({ stdout }: Outcome): bigint[] {
  return [...new BigUint64Array(stdout.slice().buffer)];
}

for (const target of TARGETS) {
  const needs = neededFor(target);

  test({
    name: `do() computes on ${target} with all edges on both sides, as variables and numbers`,
    needs,
    fn() {
      const pairs = EDGES.flatMap((a) => EDGES.map((b) => [a, b] as const));
      for (const operator of OPERATORS) {
        const isShift = operator === "<<" || operator === ">>";
        const image = withEntry(target, (p) => {
          const a = p.variable("a"), b = p.variable("b"), result = p.variable("result");
          const results = p.buffer("results", 16 * pairs.length);
          pairs.forEach(([x, y], i) => {
            p.set(a, x);
            p.set(b, y);
            p.do(result, a, operator, b);
            p.write(8, results, result, 16 * i);
            p.do(result, x, operator, isShift ? y & 63n : y);
            p.write(8, results, result, 16 * i + 8);
          });
          p.syscall(result, "write", 1, results, 16 * pairs.length);
        }).image();
        const expected = pairs.map(([a, b]) => calculate(a, operator, b)).flatMap((n) => [n, n]);
        assertEquals(numbers(execute(target, image)), expected, operator);
      }
    },
  });

  test({
    name: `if() and while() compare all edges on ${target}`,
    needs,
    fn() {
      const pairs = EDGES.flatMap((a) => EDGES.map((b) => [a, b] as const));
      for (const comparison of COMPARISONS) {
        const image = withEntry(target, (p) => {
          const a = p.variable("a"), b = p.variable("b"), result = p.variable("result");
          const results = p.buffer("results", pairs.length);
          pairs.forEach(([x, y], i) => {
            p.set(a, x);
            p.set(b, y);
            p.set(result, 0);
            p.if(a, comparison, b, () => p.set(result, 1), () => p.set(result, 2));
            p.while(a, comparison, y, () => {
              p.do(result, result, "+", 10);
              p.leave();
            });
            p.write(1, results, result, i);
          });
          p.syscall(result, "write", 1, results, pairs.length);
        }).image();
        const expected = pairs.map(([a, b]) => compare(a, comparison, b) ? 11 : 2);
        assertEquals([...execute(target, image).stdout], expected, comparison);
      }
    },
  });

  test({
    name: `the stack holds argc, argv, envp and auxv on ${target}`,
    needs,
    fn() {
      const image = withEntry(target, (p, stack) => {
        const argc = p.variable("argc"), at = p.variable("at"), item = p.variable("item");
        const length = p.variable("length"), byte = p.variable("byte"), end = p.variable("end");
        const say = p.procedure("say", [item], () => {
          p.set(length, -1);
          p.set(byte, 1);
          p.while(byte, "!=", 0, () => {
            p.do(length, length, "+", 1);
            p.do(end, item, "+", length);
            p.read(byte, 1, end);
          });
          p.syscall(byte, "write", 1, item, length);
          p.syscall(byte, "write", 1, p.text("|"), 1);
        });
        p.read(argc, 8, stack);
        p.do(at, stack, "+", 16); // behind argc and argv[0]
        for (const until of ["argv", "envp"]) {
          p.loop(() => {
            p.read(item, 8, at);
            p.do(at, at, "+", 8);
            p.if(item, "==", 0, () => p.leave());
            p.call(say, item);
          });
          p.call(say, p.text(until));
        }
        p.loop(() => {
          p.read(item, 8, at);
          p.if(item, "==", 6, () => p.leave()); // AT_PAGESZ
          p.do(at, at, "+", 16);
        });
        p.read(item, 8, at, 8);
        print(p, argc, item);
      }).image();
      const { stdout, status } = execute(target, image, ["one", "", "three"], { A: "b" });
      const [text, rest] = [stdout.subarray(0, -16), stdout.slice(-16)];
      const [argc, pageSize] = new BigUint64Array(rest.buffer);
      assertEquals(status, 0);
      assertEquals(new TextDecoder().decode(text), "one||three|argv|A=b|envp|");
      assertEquals(argc, 4n);
      assertEquals(pageSize! % 4096n, 0n);
      assertEquals(pageSize! > 0n, true);
    },
  });

  test({
    name: `syscall() gives results, errors as −errno and zeros for arguments left out on ${target}`,
    needs,
    fn() {
      const PROT_READ = 1, MAP_PRIVATE_ANONYMOUS = 0x22, EBADF = 9n, EINVAL = 22n;
      const image = withEntry(target, (p) => {
        const wrong = p.variable("wrong"), mapped = p.variable("mapped");
        const left = p.variable("left"), pid = p.variable("pid"), group = p.variable("group");
        p.syscall(wrong, "close", -1);
        p.syscall(mapped, "mmap", 0, 4096, PROT_READ, MAP_PRIVATE_ANONYMOUS, -1, 0);
        p.syscall(left, "mmap", 0, 4096); // flags 0 would stay MAP_PRIVATE_ANONYMOUS
        p.syscall(pid, "getpid");
        p.syscall(group, "gettid");
        print(p, wrong, mapped, left, pid, group);
      }).image();
      const [wrong, mapped, left, pid, tid] = numbers(execute(target, image));
      assertEquals(wrong, 2n ** 64n - EBADF);
      assertEquals(mapped! % 4096n, 0n);
      assertEquals(left, 2n ** 64n - EINVAL);
      assertEquals(pid, tid);
    },
  });

  test({
    name: `call() sets all parameters at once, return() ends nested procedures on ${target}`,
    needs,
    fn() {
      const image = withEntry(target, (p) => {
        const a = p.variable("a"), b = p.variable("b"), trace = p.variable("trace");
        const seen = (n: number) => {
          p.do(trace, trace, "*", 10);
          p.do(trace, trace, "+", n);
        };
        const pair = p.procedure("pair", [a, b], () => seen(1));
        const inner = p.procedure("inner", [], () => {
          p.call(pair, b, a);
          p.loop(() => p.loop(() => p.return()));
          seen(9);
        });
        const outer = p.procedure("outer", [], () => {
          p.call(inner);
          p.if(a, "==", 20, () => {
            seen(2);
            p.return();
          });
          seen(9);
        });
        p.call(pair, 10, 20);
        p.call(outer);
        seen(3);
        print(p, a, b, trace);
      }).image();
      assertEquals(numbers(execute(target, image)), [20n, 10n, 1123n]);
    },
  });

  test({
    name: `constants and buffers are where read() and write() look on ${target}`,
    needs,
    fn() {
      const image = withEntry(target, (p) => {
        const x = p.variable("x"), y = p.variable("y"), z = p.variable("z"), w = p.variable("w");
        p.text("odd");
        const bytes = p.bytes(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 0xff));
        const small = p.buffer("small", 3), large = p.buffer("large", 32);
        p.read(x, 8, bytes);
        p.write(8, large, x, 24);
        p.write(2, small, 0x1ffff);
        p.read(y, 4, large, 28);
        p.read(z, 4, small);
        p.do(w, bytes, "&", 7);
        const align = p.variable("align");
        p.do(align, large, "&", 15);
        print(p, x, y, z, w, align);
      }).image();
      const expected = [0xff07060504030201n, 0xff070605n, 0xffffn, 0n, 0n];
      assertEquals(numbers(execute(target, image)), expected);
    },
  });

  test({
    name: `the exit status is the program's, and an entry that does not end is killed on ${target}`,
    needs,
    fn() {
      const ends = withEntry(target, (p) => p.syscall(p.variable("r"), "exit_group", 42));
      assertEquals(execute(target, ends.image()).status, 42);
      const runsOff = new Program(target);
      runsOff.entry(runsOff.variable("stack"), () => {});
      assertEquals(execute(target, runsOff.image()).signal, "SIGILL");
    },
  });
}

Deno.test("text() stores the same text once", () => {
  const p = new Program("x86_64");
  assertEquals(p.text("a"), p.text("a"));
  assertEquals(p.text("a") === p.text("b"), false);
});

/** What is misused, and what is said about it. */
const MISUSES: Record<string, readonly [string, (p: Program, v: Variable) => void]> = {
  "a fraction": ["number 0.5", (p, v) => p.set(v, 0.5)],
  "an unsafe integer": ["number 9007199254740992", (p, v) => p.set(v, 2 ** 53)],
  "a number below 64 bits": ["number -9223372036854775809", (p, v) => p.set(v, -(2n ** 63n) - 1n)],
  "a number above 64 bits": ["number 18446744073709551616", (p, v) => p.set(v, 2n ** 64n)],
  "a shift by 64": ["shift count 64", (p, v) => p.do(v, v, "<<", 64)],
  "a shift by -1": ["shift count -1", (p, v) => p.do(v, v, ">>", -1n)],
  "a size of 3": ["3 bytes", (p, v) => p.read(v, 3 as Size, v)],
  "a size of 0": ["0 bytes", (p, v) => p.write(0 as Size, v, v)],
  "an offset of 2 GiB": ["offset 2147483648", (p, v) => p.read(v, 8, v, 2 ** 31)],
  "an offset below -2 GiB": ["offset -2147483649", (p, v) => p.write(8, v, v, -(2 ** 31) - 1)],
  "another program's variable": [
    "variable “foreign”",
    (p, v) => p.set(v, new Program("x86_64").variable("foreign")),
  ],
  "another program's address": [
    "address “foreign”",
    (p, v) => p.set(v, new Program("x86_64").buffer("foreign", 1)),
  ],
  "another program's procedure": [
    "procedure “foreign”",
    (p) => p.call(new Program("x86_64").procedure("foreign", [], () => {})),
  ],
  "another program's parameter": [
    "variable “foreign”",
    (p) => p.procedure("f", [new Program("x86_64").variable("foreign")], () => {}),
  ],
  "recursion": ["not written yet", (p) => {
    const later: { self?: Procedure } = {};
    later.self = p.procedure("self", [], () => p.call(later.self!));
  }],
  "too few arguments": ["has 1 parameters, not 0", (p, v) => {
    p.call(p.procedure("f", [v], () => {}));
  }],
  "too many arguments": ["has 0 parameters, not 1", (p) => {
    p.call(p.procedure("f", [], () => {}), 1);
  }],
  "the same parameter twice": ["parameter is there twice", (p, v) => {
    p.procedure("f", [v, v], () => {});
  }],
  "seven parameters": ["parameters of procedure “f”: 7", (p) => {
    p.procedure("f", [..."abcdefg"].map((name) => p.variable(name)), () => {});
  }],
  "two variables of one name": ["name “stack” twice", (p) => p.variable("stack")],
  "a buffer of a variable's name": ["name “stack” twice", (p) => p.buffer("stack", 1)],
  "a procedure of a variable's name": ["name “stack” twice", (p) => {
    p.procedure("stack", [], () => {});
  }],
  "leave() outside of a loop": ["there is none here", (p) => p.leave()],
  "again() behind a loop": ["there is none here", (p) => {
    p.loop(() => {});
    p.again();
  }],
  "leave() from a loop around a procedure": ["there is none here", (p) => {
    p.loop(() => void p.procedure("f", [], () => p.leave()));
  }],
  "return() from the entry": ["nothing called it", (p) => p.return()],
  "an unknown system call": ["“fork”", (p, v) => p.syscall(v, "fork" as SyscallName)],
  "a name that every object has": ["“toString”", (p, v) => {
    p.syscall(v, "toString" as SyscallName);
  }],
  "too many arguments of a system call": ["arguments of close: 2", (p, v) => {
    p.syscall(v, "close", 1, 2);
  }],
  "a second entry": ["second entry", (p, v) => p.entry(v, () => {})],
  "an image inside of a body": ["still being written", (p) => void p.image()],
};

for (const [what, [said, misuse]] of Object.entries(MISUSES)) {
  Deno.test(`Program rejects ${what}`, () => {
    for (const target of TARGETS) {
      const p = new Program(target);
      const stack = p.variable("stack");
      assertThrows(() => p.entry(stack, () => misuse(p, stack)), Error, said);
    }
  });
}

Deno.test("Program rejects a statement outside of a body and an image without an entry", () => {
  const p = new Program("x86_64");
  const v = p.variable("v");
  assertThrows(() => p.set(v, 0), TypeError, "outside of the entry");
  assertThrows(() => p.image(), TypeError, "there is no entry");
});

Deno.test("the machines reach every variable that there can be", () => {
  for (const target of TARGETS) {
    withEntry(target, (p) => {
      const rest = Array.from({ length: 4095 }, (_, i) => p.variable(`v${i}`));
      p.set(rest.at(-1)!, rest.at(-2)!);
      assertThrows(() => p.variable("more"), RangeError, "4096");
    }).image();
  }
});
