import { assertEquals } from "@std/assert";
import { compile } from "../../lib/compiler/compile.ts";
import { Refusal } from "../../lib/compiler/refusal.ts";
import { OPTIONS } from "../../lib/handler/options.ts";

/** main's body, which is line 4, and the refusal. Line 2, before main, is first if there is one. */
type Case =
  | readonly [body: string, refusal: string]
  | readonly [before: string, body: string, refusal: string];

const ASSIGNMENTS: readonly Case[] = [
  ["const a = (n = 5);", "4:12: an assignment must be a statement"],
  ["if ((n = 5) > 2) return;", "4:6: an assignment must be a statement"],
  ["const a = n++;", "4:11: an assignment must be a statement"],
  ["f(n += 1);", "4:3: an assignment must be a statement"],
  ["let a = 0; a = n = 5;", "4:16: an assignment must be a statement"],
  ["n = (n, 5);", "4:6: expected a statement for each expression"],
  ["m ??= B;", "4:1: ??= is not supported: write x = x ?? y"],
  ["let t = n > 1; t ||= true;", "4:16: ||= is not supported: write x = x || y"],
  ["n **= 2;", "4:1: ** is not part of the subset"],
  ["B = B;", "4:1: not a variable of this function or file"],
  ["argv0 = B;", "4:1: not a variable of this function or file"],
  ["const a = f(1); a = 2;", "4:17: not a variable of this function or file"],
  ["for (const a of B) a++;", "4:20: not a variable of this function or file"],
  ["f = f;", "4:1: not a variable of this function or file"],
  ["m += 1;", "4:1: expected two numbers for +"],
  ["let t = n > 1; t++;", "4:16: expected two numbers for +"],
  ["n = B;", "4:1: the value has another type than the variable"],
  ["n;", "4:1: the statement has no effect"],
  ["void n;", "4:1: the statement has no effect"],
  ["delete B[0];", "4:1: the statement has no effect"],
];

const BYTES: readonly Case[] = [
  ["n = B[0];", "4:5: expected at(bytes, i)"],
  ["n = B[0]!;", "4:5: non-null assertions are not supported: compare with undefined first"],
  ["n = B[0] ?? 0;", "4:5: expected at(bytes, i)"],
  ["B[0] = 1;", "4:1: expected put(bytes, i, value)"],
  ["B.length = 5;", "4:1: only variables can be assigned to"],
  [
    "m = B.subarray(1);",
    "4:5: only functions declared by name can be called, not methods",
  ],
  ["B.set(B);", "4:1: only functions declared by name can be called, not methods"],
  ["n = B.byteLength;", "4:5: .byteLength is not part of the subset"],
  [
    "if (B === m) return;",
    "4:5: bytes can only be compared with undefined: use same(a, b)",
  ],
  ["n = n ?? 5;", "4:5: expected bytes that can be undefined before ??"],
  ["const a = m!;", "4:11: non-null assertions are not supported: compare with undefined first"],
  ["n = m?.length;", "4:5: compare with undefined first"],
  ["if (m === null) return;", "4:11: null is not supported: use undefined"],
  ["if (n === undefined) return;", "4:5: only bytes can be undefined"],
  [
    "const a = new Uint8Array(5);",
    "4:11: memory is allocated outside of functions: const NAME = new Uint8Array(N)",
  ],
  ["n = at(n, 0);", "4:5: expected bytes and a number"],
  ["for (const a in B) n = 1;", "4:1: expected for (const byte of bytes)"],
  [`for (const a of "abc") n = 1;`, "4:17: only bytes can be iterated"],
  [
    "for (const a of [1, 2]) n = a;",
    "4:17: arrays and objects are not supported: use bytes, and layouts outside of functions",
  ],
  ["let a = 0; for (a of B) n = a;", "4:12: expected for (const NAME of …)"],
  ["if (B instanceof Uint8Array) return;", "4:18: Uint8Array does not exist in native code"],
];

const STRINGS: readonly Case[] = [
  [
    "write(1, utf8(`a${n}`));",
    "4:15: strings cannot be joined: pass each part",
  ],
  [`const a = "a" + "b";`, "4:11: expected two numbers for +"],
  [
    `const a = "a".indexOf("b");`,
    "4:11: only functions declared by name can be called, not methods",
  ],
  [
    `if ("a" === "b") return;`,
    "4:5: bytes can only be compared with undefined: use same(a, b)",
  ],
  [`switch ("a") { case "a": break; }`, "4:9: expected a number"],
  ["const a = /a/;", "4:11: RegExpLiteral is not part of the subset"],
  ["m = utf8(n);", "4:1: the value has another type than the variable"],
];

const NUMBERS: readonly Case[] = [
  ["n = 1.5;", "4:5: expected an integer within ±2⁵³: compare larger ones as bytes"],
  ["n = n / 2;", "4:5: / gives fractions: write Math.trunc(a / b)"],
  ["n = Math.trunc(n / f(1));", "4:5: expected a constant divisor above 0"],
  ["n = Math.trunc(n / 0);", "4:5: expected a constant divisor above 0"],
  ["n = Math.trunc(n);", "4:5: expected Math.trunc(a / b)"],
  [
    "n = Math.floor(n / 2);",
    "4:5: only functions declared by name can be called, not methods",
  ],
  ["n = n % f(2);", "4:5: expected a constant divisor above 0"],
  ["n = n % -2;", "4:5: expected a constant divisor above 0"],
  ["n = n ** 2;", "4:5: ** is not part of the subset"],
  ["n = 9007199254740992;", "4:5: expected an integer within ±2⁵³: compare larger ones as bytes"],
  ["const a = 5n;", "4:11: expected an integer within ±2⁵³: compare larger ones as bytes"],
  ["n = +n;", "4:5: + is not part of the subset"],
  ["n = -B;", "4:5: expected two numbers for -"],
  ["n = (n > 1) + 1;", "4:5: expected two numbers for +"],
  ["n = n << (n > 1);", "4:5: expected two numbers for <<"],
  ["n = n.length;", "4:5: only bytes have a length"],
  [`if (typeof n === "number") return;`, "4:5: typeof is not part of the subset"],
];

const CONDITIONS: readonly Case[] = [
  ["if (n == 1) return;", "4:5: expected === or !=="],
  ["if (n != 1) return;", "4:5: expected === or !=="],
  ["if (n) return;", "4:5: expected a boolean: compare with 0 or undefined"],
  ["if (m) return;", "4:5: expected a boolean: compare with 0 or undefined"],
  ["if (!n) return;", "4:6: expected a boolean: compare with 0 or undefined"],
  ["while (n) n = 0;", "4:8: expected a boolean: compare with 0 or undefined"],
  ["const a = n && 5;", "4:11: expected a boolean: compare with 0 or undefined"],
  [
    "const t = n > 1; if (t === n) return;",
    "4:22: expected two numbers or two booleans",
  ],
  [
    "const t = n > 1; const u = n > 2; if (t < u) return;",
    "4:39: booleans have no order",
  ],
  ["const a = n > 1 ? 5 : B;", "4:11: both values must have the same type"],
  ["const a = n > 1 ? 5 : exit(1);", "4:11: both values must have the same type"],
];

const STATEMENTS: readonly Case[] = [
  [
    "switch (n) { case 1: n = 2; case 2: n = 3; }",
    "4:22: a case must not fall through: end it with break or return",
  ],
  [
    "switch (n) { case 1: if (n > 1) break; default: n = 3; }",
    "4:22: a case must not fall through: end it with break or return",
  ],
  ["switch (n) { case f(1): break; }", "4:19: expected a constant number"],
  ["switch (n > 1) { case true: break; }", "4:9: expected a number"],
  [
    `throw new Error("x");`,
    "4:1: exceptions are not supported: end with a message, or return a value that means failure",
  ],
  [
    "try { n = 1; } finally { n = 2; }",
    "4:1: exceptions are not supported: end with a message, or return a value that means failure",
  ],
  ["outer: for (;;) break outer;", "4:1: labels are not supported"],
  ["var a = 5;", "4:1: expected const or let"],
  ["let a;", "4:5: expected a type or a value"],
  ["const { length } = B;", "4:7: destructuring is not supported: expected one name"],
  ["const [a] = B;", "4:7: destructuring is not supported: expected one name"],
  ["debugger;", "4:1: DebuggerStatement is not part of the subset"],
  [
    "const a = [1, 2];",
    "4:11: arrays and objects are not supported: use bytes, and layouts outside of functions",
  ],
  [
    "const a = { b: 1 };",
    "4:11: arrays and objects are not supported: use bytes, and layouts outside of functions",
  ],
  ["class A {}", "4:1: classes are not supported: use functions, and variables outside of them"],
  ["const a = this;", "4:11: ThisExpression is not part of the subset"],
];

const FUNCTIONS: readonly Case[] = [
  ["const a = () => 5;", "4:11: expected a function declared by name, outside of functions"],
  [
    "const a = function (): void {};",
    "4:11: expected a function declared by name, outside of functions",
  ],
  ["function inner(): void {}", "4:1: expected a function declared by name, outside of functions"],
  ["const a = f;", "4:11: functions and modules are not values"],
  ["n = nowhere;", "4:5: nowhere does not exist in native code"],
  ["nowhere();", "4:1: only functions declared by name can be called, not methods"],
  ["console.log(1);", "4:1: only functions declared by name can be called, not methods"],
  ["Object.keys(B);", "4:1: only functions declared by name can be called, not methods"],
  ["f();", "4:1: f() takes 1 arguments"],
  ["f(1, 2);", "4:1: f() takes 1 arguments"],
  ["f(...[1]);", "4:3: only the function's own ...words can be spread"],
  [`syscall("getpid");`, "4:1: only linux.ts may call this: use one of its functions"],
  ["stackWord(0);", "4:1: only caller.ts may call this: use one of its functions"],
  ["stackAddress(0);", "4:1: only linux.ts may call this: use one of its functions"],
  ["peek(0);", "4:1: only caller.ts may call this: use one of its functions"],
  ["cString(0);", "4:1: only caller.ts may call this: use one of its functions"],
  ["map(0, 1, 0);", "4:1: only linux.ts may call this: use one of its functions"],
  [`m = option("nothing");`, "4:5: expected the name of an option of the program"],
  ["report.rule(f(1));", "4:13: native code has no reports: assign the value to a name first"],
  ["report.rule(at(B, 0));", "4:13: native code has no reports: assign the value to a name first"],
  ["const s = structure(B, 0);", "4:11: expected the name of a layout"],
  ["const s = structure(L, 0); n = s.b;", "4:32: L has no field b"],
  ["const s = structure(L, 0); s.a = 5;", "4:28: only variables can be assigned to"],
  ["const a = L;", "4:11: a layout is not a value: use its fields"],
  [
    "const s = structure(L, 0); if (s === s) return;",
    "4:32: expected two numbers or two booleans",
  ],
];

const DECLARATIONS: readonly Case[] = [
  [
    "function g(): number | undefined { return undefined; }",
    "g();",
    "2:15: only Uint8Array can be undefined: let a number mean “none”",
  ],
  [
    "function g() { return 5; }",
    "g();",
    "2:1: expected a type: none is inferred for parameters and results",
  ],
  [
    "function g(a): void {}",
    "g(5);",
    "2:12: expected a type: none is inferred for parameters and results",
  ],
  [
    "function g(a: number = 5): void {}",
    "g();",
    "2:12: expected a parameter with a name, a type and no default",
  ],
  [
    "function g(a?: number): void {}",
    "g(1);",
    "2:12: expected a parameter with a name, a type and no default",
  ],
  [
    "function g({ a }: { a: number }): void {}",
    "g({ a: 1 });",
    "2:12: expected a parameter with a name, a type and no default",
  ],
  [
    "function g<T>(a: T): void {}",
    "g(1);",
    "2:1: generic, async and generator functions are not supported",
  ],
  [
    "async function g(): Promise<void> {}",
    "g();",
    "2:1: generic, async and generator functions are not supported",
  ],
  [
    "function* g(): Generator<number> {}",
    "g();",
    "2:1: generic, async and generator functions are not supported",
  ],
  [
    "function g(h: () => void): void { h(); }",
    "g(main);",
    "2:15: unsupported type: use number, boolean, string or Uint8Array",
  ],
  [
    "function g(a: number[]): void {}",
    "g([1]);",
    "2:15: unsupported type: use number, boolean, string or Uint8Array",
  ],
  [
    "function g(a: number | boolean): void {}",
    "g(1);",
    "2:15: unsupported union: use string | Uint8Array",
  ],
  [
    "function g(a: any): void {}",
    "g(1);",
    "2:15: unsupported type: use number, boolean, string or Uint8Array",
  ],
  [
    "interface A { a: number; } function g(a: A): void {}",
    "g({ a: 1 });",
    "2:42: unsupported type A",
  ],
  [
    "function g(s: string): number { return s.length; }",
    `g("a");`,
    "2:40: a string's length differs in UTF-8: use utf8(text).length",
  ],
  [
    "function g(...a: string[]): void { return; }",
    `g("a");`,
    "2:36: a function with ...words is inlined, so it cannot return",
  ],
  [
    "function g(...a: string[]): void { n = a.length; }",
    `g("a");`,
    "2:40: ...words can only be iterated or spread",
  ],
  ["function g(...a: string[]): void { g(...a); }", `g("a");`, "2:1: g() calls itself"],
  [
    "function a(): void { b(); } function b(): void { c(); } function c(): void { a(); }",
    "a();",
    "2:78: recursion is not supported: a → b → c → a",
  ],
  ["main();", "4:1: recursion is not supported: main → main"],
  [
    "const A = f(5);",
    "n = A;",
    "2:11: expected a constant or new Uint8Array(N)",
  ],
  ["let A: number;", "n = A;", "2:5: expected an initial value"],
  [
    "const A = [1, 2];",
    "const a = A;",
    "2:11: expected a constant or new Uint8Array(N)",
  ],
  ["const C = new Uint8Array(n);", "m = C;", "2:11: expected a constant size"],
  ["const C = new Uint16Array(4);", "m = C;", "2:11: only new Uint8Array(N) is supported"],
  ["enum A { B, }", "n = A.B;", "4:5: A does not exist in native code"],
  ["const a = ;", "4:11: Unexpected token"],
  [
    "n = n as number; n = n satisfies number; n = <number> n;",
    ["4:5", "4:22", "4:46"]
      .map((place) => `${place}: type assertions are not supported: write a value of that type`)
      .join("\n"),
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
