import { assertEquals, assertNotEquals } from "@std/assert";
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
  Deno.test(`the handler compiles for ${host}, each time and everywhere to the same bytes`, () => {
    const first = image(`${HANDLER}main.ts`, host);
    assertEquals(image(`${HANDLER}main.ts`, host), first);
    using place = makeProgramDirectory();
    assertEquals(image(`${place.directory}/main.ts`, host), first);
  });
}

Deno.test("a file of which main calls something makes other code, another one the same", () => {
  const changed = (name: string) =>
    image(`${HANDLER}main.ts`, "x86_64", (path) => {
      const text = Deno.readTextFileSync(path);
      return path === `${HANDLER}${name}` ? text.replaceAll("length === 0", "length === 1") : text;
    });
  const first = image(`${HANDLER}main.ts`, "x86_64");
  assertNotEquals(changed("bytes.ts"), first);
  assertEquals(changed("report.ts"), first);
});

/** Programs that are easily compiled wrongly: what each writes; undefined where it has to end. */
const PROGRAMS: readonly (readonly [name: string, text: string, output: string | undefined])[] = [
  [
    "a counter below a number that is not known may be beyond the bytes",
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
    "a counter from −1 on is no index",
    `export function main(): void {
      for (let i = -1; i < four.length; i++) put(four, i, 1);
    }`,
    undefined,
  ],
  [
    "bytes may become fewer while they are gone through",
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
    "a parameter of a function that is written out is another number once it is assigned to",
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
    "an index that no instruction holds ends the program",
    `export function main(): void {
      put(four, 4227287153, at(four, 4227287152));
    }`,
    undefined,
  ],
  [
    "continue and break in words go on with the words",
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
    "a field of what has no name is read by a function with variables of its own",
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
    "what is computed first is not changed by a call that comes later",
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
