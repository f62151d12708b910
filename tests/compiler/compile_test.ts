import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { compile } from "../../lib/compiler/compile.ts";
import { OPTIONS } from "../../lib/handler/options.ts";
import { imageOf } from "../../lib/native/elf_image.ts";
import type { Host } from "../../lib/native/language.ts";
import { test } from "../abilities.ts";
import { execute, neededFor, TARGETS } from "../native/execute.ts";
import { makeProgramDirectory } from "./program_directory.ts";

const HANDLER = new URL("../../lib/handler/", import.meta.url).pathname;

function image(
  entry: string,
  host: Host,
  read: (path: string) => string = Deno.readTextFileSync,
): Uint8Array {
  const code = compile(entry, { host, options: OPTIONS, read }).code();
  return imageOf(code, OPTIONS.map(() => new Uint8Array()));
}

for (const host of TARGETS) {
  Deno.test(`the handler compiles for ${host} to the same bytes, in any directory`, () => {
    const first = image(`${HANDLER}main.ts`, host);
    assertEquals(image(`${HANDLER}main.ts`, host), first);
    using place = makeProgramDirectory();
    assertEquals(image(`${place.directory}/main.ts`, host), first);
  });
}

Deno.test("the code changes with a function that main calls, but not with a report", () => {
  const changed = (name: string, from: string, to: string) =>
    image(`${HANDLER}main.ts`, "x86_64", (path) => {
      const text = Deno.readTextFileSync(path);
      if (path !== `${HANDLER}${name}`) return text;
      assert(text.includes(from), name);
      return text.replace(from, to);
    });
  const first = image(`${HANDLER}main.ts`, "x86_64");
  assertNotEquals(changed("bytes.ts", "length === 0", "length === 1"), first);
  assertEquals(changed("report.ts", "listener?.rule?.(rank)", "listener?.rule?.(0)"), first);
});

/** Programs that are easily miscompiled: the output of each, or undefined if it must be ended. */
const PROGRAMS: readonly (readonly [name: string, text: string, output: string | undefined])[] = [
  [
    "a counter with an unknown limit may run beyond the bytes",
    `function sum(n: number): number {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += at(four, i);
      return sum;
    }
    export function main(): void {
      write(1, decimal(sum(1000)));
    }`,
    undefined,
  ],
  [
    "a counter that starts at −1 is not an index",
    `export function main(): void {
      for (let i = -1; i < four.length; i++) put(four, i, 1);
    }`,
    undefined,
  ],
  [
    "bytes may become shorter during a loop over them",
    `let some: Uint8Array = four;
    export function main(): void {
      for (let i = 0; i < some.length; i++) {
        some = part(some, 0, 1);
        put(some, i + some.length - 1, 1);
        put(some, i + 1, 1);
      }
    }`,
    undefined,
  ],
  [
    "a parameter of an inlined function has another range after an assignment",
    `function say(n: number, ...words: string[]): void {
      n = n + 1000;
      for (const each of words) write(1, part(utf8(each), 0, at(four, n)));
    }
    export function main(): void {
      say(2, "a", "b");
    }`,
    undefined,
  ],
  [
    "an index that fits in no instruction ends the program",
    `export function main(): void {
      put(four, 4227287153, at(four, 4227287152));
    }`,
    undefined,
  ],
  [
    "continue and break in a loop over words belong to that loop",
    `function say(...words: string[]): void {
      for (const each of words) {
        if (at(utf8(each), 0) === 0x62) continue;
        if (at(utf8(each), 0) === 0x64) break;
        write(1, utf8(each));
      }
      write(1, utf8("."));
    }
    export function main(): void {
      for (let i = 0; i < 2; i++) say("a", "b", "c", "d", "e");
    }`,
    "ac.ac.",
  ],
  [
    "a field of an unnamed structure is read by a function with its own variables",
    `const PAIR = { a: 0, b: 4 } as const;
    function second(offset: number): Structure<typeof PAIR> {
      return structure(PAIR, offset + 4);
    }
    export function main(): void {
      use(utf8("aaaabbbbcccc"));
      const first = 1;
      const one = four.length;
      const letters = structure(PAIR, four.length).a % 256 + second(0).b % 256 * 256;
      put(four, 0, letters);
      put(four, first, Math.trunc(letters / 256));
      write(1, part(four, 0, one - 2));
    }`,
    "bc",
  ],
  [
    "a later call does not change what was computed before",
    `let n = 1;
    function add(): number {
      n += 10;
      return n;
    }
    function three(a: number, b: number, c: number): number {
      return a * 10000 + b * 100 + c;
    }
    export function main(): void {
      write(1, decimal(n + add() * 100 + n));
      n += add();
      write(1, decimal(three(n, add(), n)));
    }`,
    "1112324242",
  ],
];

for (const host of TARGETS) {
  for (const [name, text, output] of PROGRAMS) {
    test({
      name: `${name}, on ${host}`,
      needs: neededFor(host),
      fn() {
        const entry = `${HANDLER}example.ts`;
        const whole = `import { at, part, put, utf8 } from "./outside.ts";
          import { decimal } from "./bytes.ts";
          import { write } from "./linux.ts";
          import { structure, type Structure, use } from "./decide/table.ts";
          const four = new Uint8Array(4);
          ${text}`;
        const read = (path: string) => path === entry ? whole : Deno.readTextFileSync(path);
        const done = execute(host, image(entry, host, read));
        assertEquals([done.status, done.text], output === undefined ? [125, ""] : [0, output]);
      },
    });
  }
}
