import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { imageOf } from "../../lib/native/elf_image.ts";
import {
  type Host,
  Label,
  type Operator,
  type Procedure,
  Program,
  type Size,
  type SyscallName,
  type Variable,
} from "../../lib/native/program.ts";
import { test } from "../abilities.ts";
import { execute, neededFor, type Outcome, TARGETS } from "./execute.ts";
import {
  calculate,
  calculateSafely,
  compare,
  COMPARISONS,
  EDGES,
  interpret,
  OPERATORS,
  randomProgram,
  SAFE_OPERATORS,
  translate,
} from "./random_program.ts";
import { StructuredProgram } from "./structured_program.ts";

const SEED = 20261122;

for (const host of TARGETS) {
  test({
    name: `Program's code does on ${host} what an interpreter of its statements does`,
    needs: neededFor(host),
    fn() {
      fc.assert(
        fc.property(randomProgram, (program) => {
          const { status, stdout } = execute(host, translate(program, host));
          assertEquals(status, 0);
          assertEquals(stdout, interpret(program));
        }),
        // Shrinking a program that never ends would take hours.
        { seed: SEED, numRuns: 300, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
      );
    },
  });
}

/** Runs a program whose entry is this, then an exit with status 0. */
function run(
  host: Host,
  body: (p: StructuredProgram, stack: Variable) => void,
  ...given: [args?: readonly string[], env?: Record<string, string>]
): Outcome {
  const p = new StructuredProgram(host);
  const stack = p.variable("stack");
  p.entry(stack, () => {
    body(p, stack);
    p.syscall(stack, "exit_group", 0);
  });
  return execute(host, imageOf(p.code()), ...given);
}

/** Prints each variable as eight bytes. */
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

const PAIRS = EDGES.flatMap((a) => EDGES.map((b) => [a, b] as const));

/** Does the signed quotient fit 64 bits? */
function hasQuotient(a: bigint, b: bigint): boolean {
  return b !== 0n && !(a === 2n ** 63n && b === 2n ** 64n - 1n);
}

for (const host of TARGETS) {
  const needs = neededFor(host);

  test({
    name: `do() computes on ${host} with all edges on both sides, as variables and numbers`,
    needs,
    fn() {
      for (const operator of OPERATORS) {
        const divides = operator === "/" || operator === "%";
        const pairs = divides ? PAIRS.filter(([a, b]) => hasQuotient(a, b)) : PAIRS;
        const outcome = run(host, (p) => {
          const a = p.variable("a"), b = p.variable("b"), result = p.variable("result");
          const results = p.buffer("results", 24 * pairs.length);
          pairs.forEach(([x, y], i) => {
            p.set(a, x);
            p.set(b, y);
            ([[a, b], [a, y], [x, b]] as const).forEach(([left, right], form) => {
              p.do(result, left, operator, right);
              p.write(8, results, result, 24 * i + 8 * form);
            });
          });
          p.syscall(result, "write", 1, results, 24 * pairs.length);
        });
        const expected = pairs.map(([a, b]) => calculate(a, operator, b)).flatMap((n) => [n, n, n]);
        assertEquals(numbers(outcome), expected, operator);
      }
    },
  });

  test({
    name: `do32() computes like JavaScript's 32-bit operators on ${host}`,
    needs,
    fn() {
      const javaScript = {
        "+": (a: number, b: number) => a + b | 0,
        "*": Math.imul,
        "&": (a: number, b: number) => a & b,
        "|": (a: number, b: number) => a | b,
        "^": (a: number, b: number) => a ^ b,
        "<<": (a: number, b: number) => a << b,
        ">>": (a: number, b: number) => a >> b,
      };
      for (const [name, calculated] of Object.entries(javaScript)) {
        const outcome = run(host, (p) => {
          const a = p.variable("a"), results = p.buffer("results", 8 * PAIRS.length);
          PAIRS.forEach(([x, y], i) => {
            p.set(a, x);
            p.do32(a, a, name as Operator, y);
            p.write(8, results, a, 8 * i);
          });
          p.syscall(a, "write", 1, results, 8 * PAIRS.length);
        });
        const low = (n: bigint) => Number(BigInt.asIntN(32, n));
        const expected = PAIRS.map(([a, b]) =>
          BigInt.asUintN(64, BigInt(calculated(low(a), low(b))))
        );
        assertEquals(numbers(outcome), expected, name);
      }
    },
  });

  test({
    name: `doSafely() stores only safe integers on ${host}`,
    needs,
    fn() {
      const KEPT = 0xbadn;
      for (const operator of SAFE_OPERATORS) {
        const outcome = run(host, (p) => {
          const a = p.variable("a"), b = p.variable("b"), result = p.variable("result");
          const results = p.buffer("results", 16 * PAIRS.length);
          PAIRS.forEach(([x, y], i) => {
            const otherwise = new Label(), end = new Label();
            p.set(a, x);
            p.set(b, y);
            p.set(result, KEPT);
            p.doSafely(result, a, operator, b, otherwise);
            p.write(1, results, 1, 16 * i + 8);
            p.jump(end);
            p.mark(otherwise);
            p.write(1, results, 2, 16 * i + 8);
            p.mark(end);
            p.write(8, results, result, 16 * i);
          });
          p.syscall(result, "write", 1, results, 16 * PAIRS.length);
        });
        const expected = PAIRS.flatMap(([a, b]) => {
          const safe = calculateSafely(a, operator, b);
          return safe === undefined ? [KEPT, 2n] : [safe, 1n];
        });
        assertEquals(numbers(outcome), expected, operator);
      }
    },
  });

  test({
    name: `branchIf() and branchUnless() compare all edges on ${host}`,
    needs,
    fn() {
      for (const comparison of COMPARISONS) {
        const outcome = run(host, (p) => {
          const a = p.variable("a"), b = p.variable("b"), result = p.variable("result");
          const results = p.buffer("results", PAIRS.length);
          PAIRS.forEach(([x, y], i) => {
            p.set(a, x);
            p.set(b, y);
            p.set(result, 0);
            for (const [left, right] of [[a, b], [a, y], [x, b]] as const) {
              const holds = new Label(), not = new Label();
              p.do(result, result, "*", 4);
              p.branchIf(left, comparison, right, holds);
              p.do(result, result, "+", 1);
              p.mark(holds);
              p.branchUnless(left, comparison, right, not);
              p.do(result, result, "+", 2);
              p.mark(not);
            }
            p.write(1, results, result, i);
          });
          p.syscall(result, "write", 1, results, PAIRS.length);
        });
        const expected = PAIRS.map(([a, b]) => compare(a, comparison, b) ? 0b101010 : 0b010101);
        assertEquals([...outcome.stdout], expected, comparison);
      }
    },
  });

  test({
    name: `readIndexed() zero-extends the bytes at the sum on ${host}`,
    needs,
    fn() {
      const outcome = run(host, (p) => {
        const bytes = p.buffer("bytes", 9);
        p.write(8, bytes, 0xf8f9fafbfcfdfeffn);
        p.write(1, bytes, 0xf7, 8);
        const results = ([1, 2, 4, 8] as const).map((size) => {
          const result = p.variable(`result${size}`);
          p.set(result, -1);
          p.readIndexed(result, size, bytes, 1);
          return result;
        });
        const end = p.variable("end"), before = p.variable("before");
        p.do(end, bytes, "+", 9);
        p.readIndexed(before, 1, end, -1);
        print(p, ...results, before);
      });
      const expected = [0xfen, 0xfdfen, 0xfbfcfdfen, 0xf7f8f9fafbfcfdfen, 0xf7n];
      assertEquals(numbers(outcome), expected);
    },
  });

  test({
    name: `jump() also goes back, and trap() ends the process on ${host}`,
    needs,
    fn() {
      const outcome = run(host, (p) => {
        const turns = p.variable("turns"), again = new Label(), end = new Label();
        p.mark(again);
        p.do(turns, turns, "+", 1);
        p.branchIf(turns, "==", 3, end);
        p.jump(again);
        p.trap();
        p.mark(end);
        print(p, turns);
      });
      assertEquals(numbers(outcome), [3n]);
      assertEquals(run(host, (p) => p.trap()).signal, "SIGILL");
    },
  });

  test({
    name: `the stack holds argc, argv, envp and auxv on ${host}`,
    needs,
    fn() {
      const { stdout, status } = run(
        host,
        (p, stack) => {
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
        },
        ["one", "", "three"],
        { A: "b" },
      );
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
    name: `syscall() gives results, and errors as −errno on ${host}`,
    needs,
    fn() {
      const PROT_READ = 1, MAP_PRIVATE_ANONYMOUS = 0x22, EBADF = 9n;
      const outcome = run(host, (p) => {
        const wrong = p.variable("wrong"), mapped = p.variable("mapped");
        const session = p.variable("session"), pid = p.variable("pid");
        p.syscall(wrong, "close", -1);
        p.syscall(mapped, "mmap", 0, 4096, PROT_READ, MAP_PRIVATE_ANONYMOUS, -1, 0);
        p.syscall(session, "setsid");
        p.syscall(pid, "getpid");
        print(p, wrong, mapped, session, pid);
      });
      const [wrong, mapped, session, pid] = numbers(outcome);
      assertEquals(wrong, 2n ** 64n - EBADF);
      assertEquals(mapped! % 4096n, 0n);
      assertEquals(mapped! > 0n && mapped! < 2n ** 63n, true);
      assertEquals(session, pid);
    },
  });

  test({
    name: `call() sets all parameters at once, and return() leaves nested loops on ${host}`,
    needs,
    fn() {
      const outcome = run(host, (p) => {
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
      });
      assertEquals(numbers(outcome), [20n, 10n, 1123n]);
    },
  });

  test({
    name: `read() and write() access texts and buffers on ${host}`,
    needs,
    fn() {
      const outcome = run(host, (p) => {
        const x = p.variable("x"), y = p.variable("y"), z = p.variable("z");
        const align = p.variable("align");
        const text = p.text("\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}ÿ");
        const small = p.buffer("small", 3), large = p.buffer("large", 32);
        p.read(x, 8, text);
        p.write(8, large, x, 24);
        p.write(2, small, 0x1ffff);
        p.read(y, 4, large, 28);
        p.read(z, 4, small);
        p.do(align, large, "&", 15);
        print(p, x, y, z, align);
      });
      const expected = [0xbfc3_0605_0403_0201n, 0xbfc3_0605n, 0xffffn, 0n];
      assertEquals(numbers(outcome), expected);
    },
  });

  test({
    name: `the exit status is the program's, and an entry without an end is killed on ${host}`,
    needs,
    fn() {
      const ends = run(host, (p) => p.syscall(p.variable("r"), "exit_group", 42));
      assertEquals(ends.status, 42);
      const runsOff = new Program(host);
      runsOff.entry(runsOff.variable("stack"), () => {});
      assertEquals(execute(host, imageOf(runsOff.code())).signal, "SIGILL");
    },
  });
}

Deno.test("text() stores the same text once", () => {
  const p = new Program("x86_64");
  assertEquals(p.text("a"), p.text("a"));
  assertEquals(p.text("a") === p.text("b"), false);
});

/** Each misuse, with a part of its error. */
const MISUSES: Record<string, readonly [string, (p: Program, v: Variable) => void]> = {
  "a fraction": ["number 0.5", (p, v) => p.set(v, 0.5)],
  "an unsafe integer": ["number 9007199254740992", (p, v) => p.set(v, 2 ** 53)],
  "a number below 64 bits": ["number -9223372036854775809", (p, v) => p.set(v, -(2n ** 63n) - 1n)],
  "a number above 64 bits": ["number 18446744073709551616", (p, v) => p.set(v, 2n ** 64n)],
  "a rest of 0": ["divide by 0", (p, v) => p.do(v, v, "%", 0)],
  "a division by 0": ["divide by 0", (p, v) => p.do32(v, v, "/", 0n)],
  "a size of 3": ["3 bytes", (p, v) => p.read(v, 3 as Size, v)],
  "a size of 0": ["0 bytes", (p, v) => p.write(0 as Size, v, v)],
  "an indexed size of 5": ["5 bytes", (p, v) => p.readIndexed(v, 5 as Size, v, v)],
  "an option of index -1": ["index of an option: -1", (p, v) => p.readOption(v, v, -1)],
  "a label that is never marked": ["never marked", (p) => {
    const other = new Program(p.host);
    other.entry(other.variable("stack"), () => other.jump(new Label()));
    other.code();
  }],
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
  "too few arguments": ["takes 1 arguments, not 0", (p, v) => {
    p.call(p.procedure("f", [v], () => {}));
  }],
  "too many arguments": ["takes 0 arguments, not 1", (p) => {
    p.call(p.procedure("f", [], () => {}), 1);
  }],
  "the same parameter twice": ["has a parameter twice", (p, v) => {
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
  "return() from the entry": ["nothing called it", (p) => p.return()],
  "an unknown system call": ["“fork”", (p, v) => p.syscall(v, "fork" as SyscallName)],
  "a name that every object has": ["“toString”", (p, v) => {
    p.syscall(v, "toString" as SyscallName);
  }],
  "too few arguments of a system call": ["close: it takes 1 arguments, not 0", (p, v) => {
    p.syscall(v, "close");
  }],
  "a second entry": ["second entry", (p, v) => p.entry(v, () => {})],
  "linking inside of a body": ["still being written", (p) => void p.code()],
};

for (const [what, [said, misuse]] of Object.entries(MISUSES)) {
  Deno.test(`Program rejects ${what}`, () => {
    for (const host of TARGETS) {
      const p = new Program(host);
      const stack = p.variable("stack");
      assertThrows(() => p.entry(stack, () => misuse(p, stack)), Error, said);
    }
  });
}

Deno.test("Program rejects a statement outside of a body and code without an entry", () => {
  const p = new Program("x86_64");
  const v = p.variable("v");
  assertThrows(() => p.set(v, 0), TypeError, "outside of the entry");
  assertThrows(() => p.code(), TypeError, "there is no entry");
});

Deno.test("the machines reach all 4096 variables", () => {
  for (const host of TARGETS) {
    const p = new Program(host);
    const all = Array.from({ length: 4096 }, (_, i) => p.variable(`v${i}`));
    p.entry(all[0]!, () => p.set(all.at(-1)!, all.at(-2)!));
    assertThrows(() => p.variable("more"), RangeError, "4096");
    p.code();
  }
});
