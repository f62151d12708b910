import { assertEquals } from "@std/assert";
import { compile } from "../../lib/compiler/compile.ts";
import { Refusal } from "../../lib/compiler/refusal.ts";
import { OPTIONS } from "../../lib/handler/options.ts";

/** main's body, which is line 4, and the refusal. Line 2, before main, is first if there is one. */
type Case =
  | readonly [body: string, refusal: string]
  | readonly [before: string, body: string, refusal: string];

const ASSIGNMENTS: readonly Case[] = [
  ["const a = (n = 5);", "4:12: an assignment is a statement of its own"],
  ["if ((n = 5) > 2) return;", "4:6: an assignment is a statement of its own"],
  ["const a = n++;", "4:11: an assignment is a statement of its own"],
  ["f(n += 1);", "4:3: an assignment is a statement of its own"],
  ["let a = 0; a = n = 5;", "4:16: an assignment is a statement of its own"],
  ["n = (n, 5);", "4:6: one expression, one statement"],
  ["m ??= B;", "4:1: write it out: x = x ?? y"],
  ["let t = n > 1; t ||= true;", "4:16: write it out: x = x || y"],
  ["n **= 2;", "4:1: ** is not part of the subset"],
  ["B = B;", "4:1: this is no variable of this function or file"],
  ["argv0 = B;", "4:1: this is no variable of this function or file"],
  ["const a = f(1); a = 2;", "4:17: this is no variable of this function or file"],
  ["for (const a of B) a++;", "4:20: this is no variable of this function or file"],
  ["f = f;", "4:1: this is no variable of this function or file"],
  ["m += 1;", "4:1: + is for two numbers"],
  ["let t = n > 1; t++;", "4:16: + is for two numbers"],
  ["n = B;", "4:1: the value is of another kind"],
  ["n;", "4:1: this statement does nothing"],
  ["void n;", "4:1: this statement does nothing"],
  ["delete B[0];", "4:1: this statement does nothing"],
];

const BYTES: readonly Case[] = [
  ["n = B[0];", "4:5: bytes are read by at(bytes, i)"],
  ["n = B[0]!;", "4:5: nothing is taken for granted: compare with undefined first"],
  ["n = B[0] ?? 0;", "4:5: bytes are read by at(bytes, i)"],
  ["B[0] = 1;", "4:1: bytes are set by put(bytes, i, value)"],
  ["B.length = 5;", "4:1: only variables are assigned to"],
  [
    "m = B.subarray(1);",
    "4:5: only functions that are declared by name are called, and no methods",
  ],
  ["B.set(B);", "4:1: only functions that are declared by name are called, and no methods"],
  ["n = B.byteLength;", "4:5: .byteLength is not part of the subset"],
  [
    "if (B === m) return;",
    "4:5: bytes are compared with undefined alone; same(a, b) looks into them",
  ],
  ["n = n ?? 5;", "4:5: ?? is for bytes that may be undefined"],
  ["const a = m!;", "4:11: nothing is taken for granted: compare with undefined first"],
  ["n = m?.length;", "4:5: compare with undefined first"],
  ["if (m === null) return;", "4:11: what is not there is undefined"],
  ["if (n === undefined) return;", "4:5: only bytes can be undefined"],
  [
    "const a = new Uint8Array(5);",
    "4:11: memory is made outside of functions: const NAME = new Uint8Array(N)",
  ],
  ["n = at(n, 0);", "4:5: expected bytes and a number"],
  ["for (const a in B) n = 1;", "4:1: expected for (const byte of bytes)"],
  [`for (const a of "abc") n = 1;`, "4:17: only bytes are gone through one by one"],
  [
    "for (const a of [1, 2]) n = a;",
    "4:17: there are no arrays and objects: bytes, and layouts outside of functions",
  ],
  ["let a = 0; for (a of B) n = a;", "4:12: expected for (const NAME of …)"],
  ["if (B instanceof Uint8Array) return;", "4:18: Uint8Array is not known natively"],
];

const STRINGS: readonly Case[] = [
  [
    "write(1, utf8(`a${n}`));",
    "4:15: strings are written down, not put together: say the parts in turn",
  ],
  [`const a = "a" + "b";`, "4:11: + is for two numbers"],
  [
    `const a = "a".indexOf("b");`,
    "4:11: only functions that are declared by name are called, and no methods",
  ],
  [
    `if ("a" === "b") return;`,
    "4:5: bytes are compared with undefined alone; same(a, b) looks into them",
  ],
  [`switch ("a") { case "a": break; }`, "4:9: switch is for numbers"],
  ["const a = /a/;", "4:11: RegExpLiteral is not part of the subset"],
  ["m = utf8(n);", "4:1: the value is of another kind"],
];

const NUMBERS: readonly Case[] = [
  ["n = 1.5;", "4:5: a number is an integer within ±2⁵³; of more, compare the bytes"],
  ["n = n / 2;", "4:5: / gives fractions: write Math.trunc(a / b)"],
  ["n = Math.trunc(n / f(1));", "4:5: expected a divisor that is known now and above 0"],
  ["n = Math.trunc(n / 0);", "4:5: expected a divisor that is known now and above 0"],
  ["n = Math.trunc(n);", "4:5: expected Math.trunc(a / b)"],
  [
    "n = Math.floor(n / 2);",
    "4:5: only functions that are declared by name are called, and no methods",
  ],
  ["n = n % f(2);", "4:5: expected a divisor that is known now and above 0"],
  ["n = n % -2;", "4:5: expected a divisor that is known now and above 0"],
  ["n = n ** 2;", "4:5: ** is not part of the subset"],
  ["n = 9007199254740992;", "4:5: a number is an integer within ±2⁵³; of more, compare the bytes"],
  ["const a = 5n;", "4:11: a number is an integer within ±2⁵³; of more, compare the bytes"],
  ["n = +n;", "4:5: + is not part of the subset"],
  ["n = -B;", "4:5: - is for two numbers"],
  ["n = (n > 1) + 1;", "4:5: + is for two numbers"],
  ["n = n << (n > 1);", "4:5: << is for two numbers"],
  ["n = n.length;", "4:5: only bytes have a length"],
  [`if (typeof n === "number") return;`, "4:5: typeof is not part of the subset"],
];

const CONDITIONS: readonly Case[] = [
  ["if (n == 1) return;", "4:5: expected === or !=="],
  ["if (n != 1) return;", "4:5: expected === or !=="],
  ["if (n) return;", "4:5: a condition is a boolean: compare with 0 or undefined"],
  ["if (m) return;", "4:5: a condition is a boolean: compare with 0 or undefined"],
  ["if (!n) return;", "4:6: a condition is a boolean: compare with 0 or undefined"],
  ["while (n) n = 0;", "4:8: a condition is a boolean: compare with 0 or undefined"],
  ["const a = n && 5;", "4:11: a condition is a boolean: compare with 0 or undefined"],
  [
    "const t = n > 1; if (t === n) return;",
    "4:22: numbers are compared with numbers, booleans with booleans",
  ],
  [
    "const t = n > 1; const u = n > 2; if (t < u) return;",
    "4:39: booleans are neither less nor more",
  ],
  ["const a = n > 1 ? 5 : B;", "4:11: both values have to be of one kind"],
  ["const a = n > 1 ? 5 : exit(1);", "4:11: both values have to be of one kind"],
];

const STATEMENTS: readonly Case[] = [
  [
    "switch (n) { case 1: n = 2; case 2: n = 3; }",
    "4:22: a case goes on with the next one: end it with break or return",
  ],
  [
    "switch (n) { case 1: if (n > 1) break; default: n = 3; }",
    "4:22: a case goes on with the next one: end it with break or return",
  ],
  ["switch (n) { case f(1): break; }", "4:19: expected a number that is known now"],
  ["switch (n > 1) { case true: break; }", "4:9: switch is for numbers"],
  [
    `throw new Error("x");`,
    "4:1: there are no exceptions: end in words, or give a value that says it",
  ],
  [
    "try { n = 1; } finally { n = 2; }",
    "4:1: there are no exceptions: end in words, or give a value that says it",
  ],
  ["outer: for (;;) break outer;", "4:1: loops have no names here"],
  ["var a = 5;", "4:1: expected const or let"],
  ["let a;", "4:5: expected a type or a value"],
  ["const { length } = B;", "4:7: values are not taken apart: expected one name"],
  ["const [a] = B;", "4:7: values are not taken apart: expected one name"],
  ["debugger;", "4:1: DebuggerStatement is not part of the subset"],
  [
    "const a = [1, 2];",
    "4:11: there are no arrays and objects: bytes, and layouts outside of functions",
  ],
  [
    "const a = { b: 1 };",
    "4:11: there are no arrays and objects: bytes, and layouts outside of functions",
  ],
  ["class A {}", "4:1: there are no classes: functions, and variables outside of them"],
  ["const a = this;", "4:11: ThisExpression is not part of the subset"],
];

const FUNCTIONS: readonly Case[] = [
  ["const a = () => 5;", "4:11: functions are declared outside of functions, by name"],
  ["const a = function (): void {};", "4:11: functions are declared outside of functions, by name"],
  ["function inner(): void {}", "4:1: functions are declared outside of functions, by name"],
  ["const a = f;", "4:11: functions and files are no values"],
  ["n = nowhere;", "4:5: nowhere is not known natively"],
  ["nowhere();", "4:1: only functions that are declared by name are called, and no methods"],
  ["console.log(1);", "4:1: only functions that are declared by name are called, and no methods"],
  ["Object.keys(B);", "4:1: only functions that are declared by name are called, and no methods"],
  ["f();", "4:1: f() takes 1 values"],
  ["f(1, 2);", "4:1: f() takes 1 values"],
  ["f(...[1]);", "4:3: only a function's own ...words are handed on"],
  [`syscall("getpid");`, "4:1: only linux.ts does this: call one of its functions"],
  ["stackWord(0);", "4:1: only caller.ts does this: call one of its functions"],
  ["stackAddress(0);", "4:1: only linux.ts does this: call one of its functions"],
  ["peek(0);", "4:1: only caller.ts does this: call one of its functions"],
  ["cString(0);", "4:1: only caller.ts does this: call one of its functions"],
  ["map(0, 1, 0);", "4:1: only linux.ts does this: call one of its functions"],
  [`m = option("nothing");`, "4:5: expected the name of an option of the program"],
  ["report.rule(f(1));", "4:13: a report is nothing natively: name the value before"],
  ["report.rule(at(B, 0));", "4:13: a report is nothing natively: name the value before"],
  ["const s = structure(B, 0);", "4:11: expected the name of a layout"],
  ["const s = structure(L, 0); n = s.b;", "4:32: L has no field b"],
  ["const s = structure(L, 0); s.a = 5;", "4:28: only variables are assigned to"],
  ["const a = L;", "4:11: of a layout there are but its fields"],
  [
    "const s = structure(L, 0); if (s === s) return;",
    "4:32: numbers are compared with numbers, booleans with booleans",
  ],
];

const DECLARATIONS: readonly Case[] = [
  [
    "function g(): number | undefined { return undefined; }",
    "g();",
    "2:15: only Uint8Array may be undefined: for a number, say with a number that there is none",
  ],
  [
    "function g() { return 5; }",
    "g();",
    "2:1: expected a type: nothing is guessed of parameters and results",
  ],
  [
    "function g(a): void {}",
    "g(5);",
    "2:12: expected a type: nothing is guessed of parameters and results",
  ],
  [
    "function g(a: number = 5): void {}",
    "g();",
    "2:12: a parameter has a name and a type, and no default",
  ],
  [
    "function g(a?: number): void {}",
    "g(1);",
    "2:12: a parameter has a name and a type, and no default",
  ],
  [
    "function g({ a }: { a: number }): void {}",
    "g({ a: 1 });",
    "2:12: a parameter has a name and a type, and no default",
  ],
  [
    "function g<T>(a: T): void {}",
    "g(1);",
    "2:1: functions are neither generic, async nor generators here",
  ],
  [
    "async function g(): Promise<void> {}",
    "g();",
    "2:1: functions are neither generic, async nor generators here",
  ],
  [
    "function* g(): Generator<number> {}",
    "g();",
    "2:1: functions are neither generic, async nor generators here",
  ],
  [
    "function g(h: () => void): void { h(); }",
    "g(main);",
    "2:15: such a type has no place natively: number, boolean, Uint8Array do",
  ],
  [
    "function g(a: number[]): void {}",
    "g([1]);",
    "2:15: such a type has no place natively: number, boolean, Uint8Array do",
  ],
  [
    "function g(a: number | boolean): void {}",
    "g(1);",
    "2:15: of several types only string | Uint8Array can be held",
  ],
  [
    "function g(a: any): void {}",
    "g(1);",
    "2:15: such a type has no place natively: number, boolean, Uint8Array do",
  ],
  [
    "interface A { a: number; } function g(a: A): void {}",
    "g({ a: 1 });",
    "2:42: a value of type A cannot be held natively",
  ],
  [
    "function g(s: string): number { return s.length; }",
    `g("a");`,
    "2:40: a string's length is another one in UTF-8: utf8(text)",
  ],
  [
    "function g(...a: string[]): void { return; }",
    `g("a");`,
    "2:36: a function with ...words is written out where it is called: no return in it",
  ],
  [
    "function g(...a: string[]): void { n = a.length; }",
    `g("a");`,
    "2:40: ...words are gone through or handed on, no more",
  ],
  ["function g(...a: string[]): void { g(...a); }", `g("a");`, "2:1: g() comes to call itself"],
  [
    "function a(): void { b(); } function b(): void { c(); } function c(): void { a(); }",
    "a();",
    "2:78: there is no stack, so nothing may come to call itself: a → b → c → a",
  ],
  ["main();", "4:1: there is no stack, so nothing may come to call itself: main → main"],
  [
    "const A = f(5);",
    "n = A;",
    "2:11: outside of functions there are constants and new Uint8Array(N)",
  ],
  ["let A: number;", "n = A;", "2:5: expected the value that it begins with"],
  [
    "const A = [1, 2];",
    "const a = A;",
    "2:11: outside of functions there are constants and new Uint8Array(N)",
  ],
  ["const C = new Uint8Array(n);", "m = C;", "2:11: expected a size that is known now"],
  ["const C = new Uint16Array(4);", "m = C;", "2:11: nothing but new Uint8Array(N) is made"],
  ["enum A { B, }", "n = A.B;", "4:5: A is not known natively"],
  ["const a = ;", "4:11: Unexpected token"],
  [
    "n = n as number; n = n satisfies number; n = <number> n;",
    ["4:5", "4:22", "4:46"]
      .map((place) => `${place}: a type is not asserted: write a value of the type`).join("\n"),
  ],
  [
    "if (n == 1) return; n = n / 2;",
    "4:5: expected === or !==\n4:25: / gives fractions: write Math.trunc(a / b)",
  ],
];

const LINE_1 = `import { at, copy, cString, map, option, part, peek, put } from "./outside.ts";
import { stackAddress, stackWord, syscall, utf8 } from "./outside.ts";
import * as report from "./report.ts";
import { exit, write } from "./linux.ts";
import { argv0 } from "./caller.ts";
import { structure } from "./decide/table.ts";
const L = { a: 1 } as const;
const B = new Uint8Array(4);
let n = 0;
let m: Uint8Array | undefined = undefined;
function f(x: number): number {
  return x;
}`.replaceAll("\n", " ");

const HANDLER = new URL("../../lib/handler/", import.meta.url).pathname;
/** A file among the handler's own, which does not exist. */
const ENTRY = `${HANDLER}example.ts`;

function refusal(text: string): string {
  const read = (path: string) => path === ENTRY ? text : Deno.readTextFileSync(path);
  try {
    compile(ENTRY, { host: "x86_64", options: OPTIONS, read });
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  return "it compiles";
}

const GROUPS = {
  assignments: ASSIGNMENTS,
  bytes: BYTES,
  strings: STRINGS,
  numbers: NUMBERS,
  conditions: CONDITIONS,
  statements: STATEMENTS,
  functions: FUNCTIONS,
  declarations: DECLARATIONS,
};

for (const [name, cases] of Object.entries(GROUPS)) {
  Deno.test(`what is not part of the subset is refused with its place: ${name}`, () => {
    for (const each of cases) {
      const [before, body, expected] = each.length === 2 ? ["", ...each] : each;
      const text = `${LINE_1}\n${before}\nexport function main(): void {\n${body}\n}\n`;
      const places = expected.split("\n").map((line) => `example.ts:${line}`).join("\n");
      assertEquals(refusal(text), places, `${before}\n${body}`);
    }
  });
}

Deno.test("a program without a function main, or with a syntax error, is refused", () => {
  assertEquals(refusal("export const a = 5;"), "example.ts: expected a function main");
  assertEquals(
    refusal("export function main() {\n  const a = ;\n}"),
    "example.ts:2:13: Unexpected token",
  );
});
