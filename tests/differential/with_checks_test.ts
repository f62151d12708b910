import { assertEquals } from "@std/assert";
import { compile } from "../../lib/compiler/compile.ts";
import { imageOf } from "../../lib/native/elf_image.ts";
import { type Address, type Operand, Program, type Variable } from "../../lib/native/program.ts";
import { ROOT } from "../../tasks/start.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { HOST } from "../handler/stage.ts";
import { withChecks } from "./with_checks.ts";
import { withoutBounds } from "./without_bounds.ts";

const SIZE = 64;
const PROT_READ = 1, PROT_WRITE = 2;
const MAP_PRIVATE_ANONYMOUS = 0x22;

/** Program's own methods. */
const OWN = Object.fromEntries(
  Object.entries(Object.getOwnPropertyDescriptors(Program.prototype)).map(([name, { value }]) => [
    name,
    value,
  ]),
);

type Build = (build: () => Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

const asItIs: Build = (build) => build();

/** How a program ends: its status, or the signal. */
function ends(image: Uint8Array): Promise<string> {
  return inTemporaryDirectory(async (directory) => {
    const file = `${directory}/program`;
    Deno.writeFileSync(file, image, { mode: 0o755 });
    const { code, signal } = await new Deno.Command(file, { args: ["argument"] }).output();
    return signal ?? String(code);
  });
}

interface Places {
  readonly p: Program;
  readonly value: Variable;
  /** Mapped, SIZE bytes: for reading, and for reading and writing. */
  readonly table: Operand;
  readonly fresh: Operand;
  readonly before: Address;
  readonly buffer: Address;
  readonly after: Address;
  readonly stack: Variable;
}

/** A program that does this, and nothing else, in the middle of its memory. */
function program(act: (places: Places) => void): Uint8Array<ArrayBuffer> {
  const p = new Program(HOST);
  const variables = ["value", "table", "fresh", "own_stack"].map((name) => p.variable(name));
  const [value, table, fresh, stack] = variables as [Variable, Variable, Variable, Variable];
  const [before, buffer, after] = ["before", "buffer", "after"].map((name) =>
    p.buffer(name, SIZE)
  ) as [Address, Address, Address];
  const body = p.procedure("body", [], () => {
    act({ p, value, table, fresh, before, buffer, after, stack });
  });
  p.entry(stack, () => {
    // The kernel maps whole pages, one below the other.
    const map = (into: Variable, protection: number) =>
      p.syscall(into, "mmap", 0, SIZE, protection, MAP_PRIVATE_ANONYMOUS, -1, 0);
    map(table, PROT_READ | PROT_WRITE);
    map(table, PROT_READ);
    map(fresh, PROT_READ | PROT_WRITE);
    p.call(body);
    p.syscall(value, "exit_group", 0);
  });
  return imageOf(p.code(), [new Uint8Array(SIZE)]);
}

Deno.test("withChecks() lets a program use all of its own memory, to the last byte", async () => {
  const image = withChecks(() =>
    program(({ p, value, table, fresh, buffer, before, stack }) => {
      for (const each of [table, fresh]) {
        p.read(value, 8, each);
        p.read(value, 8, each, SIZE - 8);
        p.readIndexed(value, 1, each, SIZE - 1);
      }
      p.read(value, 1, p.text("ab"), 2);
      p.read(value, 4, p.text("abc"));
      p.read(value, 8, stack);
      p.read(value, 8, stack, 8);
      p.readIndexed(value, 1, value, "argument".length); // argv[0] is longer
      for (const each of [before, buffer, fresh]) {
        p.write(8, each, 1);
        p.write(8, each, 1, SIZE - 8);
        p.read(value, 1, each, SIZE - 1);
      }
      const address = p.variable("address"), length = p.variable("length");
      p.readOption(address, length, 0);
      p.read(value, 1, address, SIZE - 1);
      p.syscall(value, "getcwd", buffer, SIZE);
      p.syscall(value, "chdir", p.text("/"));
      p.syscall(value, "write", 1, p.text("a"), 0);
      p.syscall(value, "fgetxattr", 0, p.text("user.a"), 0, 0);
      p.write(8, buffer, p.text("-"));
      p.write(8, buffer, 0, 8);
      p.syscall(value, "execve", p.text("/absent"), buffer, 0);
    })
  );
  assertEquals(await ends(image), "0");
});

/** Program's methods: those that are checked, and those that access no memory but variables. */
const STATEMENTS = {
  checked: ["buffer", "entry", "read", "readIndexed", "readOption", "syscall", "text", "write"],
  harmless: [
    ...["branchIf", "branchUnless", "call", "code", "constructor", "do", "do32", "doSafely"],
    ...["jump", "mark", "procedure", "return", "set", "trap", "variable"],
  ],
};

Deno.test("withChecks() knows every method of Program", () => {
  const known = [...STATEMENTS.checked, ...STATEMENTS.harmless];
  assertEquals(Object.getOwnPropertyNames(Program.prototype).sort(), known.sort());
  const changed = withChecks(() => {
    const now = Object.entries(Object.getOwnPropertyDescriptors(Program.prototype));
    return now.filter(([name, { value }]) => value !== OWN[name]).map(([name]) => name);
  });
  assertEquals(changed.sort(), STATEMENTS.checked);
});

/** Accesses to existing memory that only checks find, and some, marked, that fault anyway. */
const FAULTS: readonly (readonly [string, (places: Places) => void, "anyway"?])[] = [
  ["loads beyond the table", ({ p, value, table }) => p.read(value, 1, table, SIZE)],
  ["loads across the table's end", ({ p, value, table }) => p.read(value, 8, table, SIZE - 7)],
  ["loads before the table", ({ p, value, table }) => p.read(value, 1, table, -1)],
  ["loads by an index", ({ p, value, table }) => p.readIndexed(value, 2, table, SIZE - 1)],
  ["stores into the table", ({ p, table }) => p.write(1, table, 0), "anyway"],
  ["stores beyond a fresh table", ({ p, fresh }) => p.write(1, fresh, 0, SIZE)],
  ["stores across a buffer's end", ({ p, buffer }) => p.write(8, buffer, 0, SIZE - 4)],
  ["stores a byte before a buffer", ({ p, before }) => p.write(1, before, 0, -1)],
  ["stores into the stack", ({ p, stack }) => p.write(1, stack, 0)],
  ["loads across the end of its last buffer", ({ p, value, after }) => {
    p.read(value, 2, after, SIZE - 1);
  }],
  ["loads beyond a constant", ({ p, value }) => p.read(value, 4, p.text("ab"))],
  ["loads beyond an option", ({ p, value }) => {
    const address = p.variable("address"), length = p.variable("length");
    p.readOption(address, length, 0);
    p.read(value, 1, address, SIZE);
  }],
  ["stores into a constant", ({ p }) => p.write(1, p.text("ab"), 0), "anyway"],
  ["loads below the stack", ({ p, value, stack }) => p.read(value, 8, stack, -8)],
  ["loads at an address that wraps", ({ p, value }) => p.read(value, 8, -4), "anyway"],
  [
    "has the kernel write beyond a buffer",
    ({ p, value, buffer }) => p.syscall(value, "getcwd", buffer, SIZE + 1),
  ],
  [
    "has the kernel write into the table",
    ({ p, value, table }) => p.syscall(value, "getcwd", table, SIZE),
  ],
  ["has the kernel write a structure across a buffer's end", ({ p, value, buffer }) => {
    p.do(value, buffer, "+", SIZE - 8);
    p.syscall(value, "clock_gettime", 0, value);
  }],
  [
    "has the kernel read beyond a constant",
    ({ p, value }) => p.syscall(value, "write", 1, p.text("ab"), 4),
  ],
  ["passes a path without an end", ({ p, value, before }) => {
    for (let at = 0; at < SIZE; at += 8) p.write(8, before, -1, at);
    p.syscall(value, "chdir", before);
  }],
  ["passes an array of addresses without an end", ({ p, value, before }) => {
    for (let at = 0; at < SIZE; at += 8) p.write(8, before, p.text("a"), at);
    p.syscall(value, "execve", p.text("/absent"), before, 0);
  }],
  ["passes an array with a wrong address", ({ p, value, buffer }) => {
    p.write(8, buffer, 8);
    p.syscall(value, "execve", p.text("/absent"), buffer, 0);
  }],
];

for (const [what, act, anyway] of FAULTS) {
  Deno.test(`withChecks() ends a program that ${what}`, async () => {
    assertEquals(await ends(withChecks(() => program(act))), "SIGSEGV");
    if (!anyway) assertEquals(await ends(program(act)), "0");
  });
}

/** Statements of the handler's language that access bytes beyond `small`, of 12 bytes; n is 13. */
const BEYOND: readonly (readonly [string, string])[] = [
  ["reads a byte", "put(large, 0, at(small, n));"],
  ["reads a byte before the first", "put(large, 0, at(small, 12 - n));"],
  ["reads a number of two bytes", "put(large, 0, u16(small, n - 2));"],
  ["reads a number of four bytes", "put(large, 0, u32(small, n - 4));"],
  ["stores a byte", "put(small, n, 1);"],
  ["stores an address", "storeAddress(small, n - 8, large);"],
  ["iterates over a part", "for (const byte of part(small, 1, n)) put(large, 0, byte);"],
  ["copies from a part", "copy(large, 0, part(small, 0, n));"],
  ["copies more than there is room for", "copy(small, n - 2, part(large, 0, 2));"],
  ["has the kernel fill it", "clockTime(small);"],
];

/** The native program of a main() with one statement. */
function compiled(statement: string): Uint8Array<ArrayBuffer> {
  const entry = `${ROOT}/lib/handler/beyond.ts`;
  const text = `
    import { at, copy, part, put, storeAddress, u16, u32 } from "./outside.ts";
    import { clockTime } from "./linux.ts";
    const small = new Uint8Array(12);
    const large = new Uint8Array(64);
    let n = 12;
    export function main(): void {
      n += 1;
      ${statement}
    }`;
  const read = (path: string) => path === entry ? text : Deno.readTextFileSync(path);
  return imageOf(compile(entry, { host: HOST, read }).code());
}

for (const [what, statement] of BEYOND) {
  Deno.test(`withChecks() finds that code without bounds checks ${what}`, async () => {
    const end = (build: Build) => ends(build(() => compiled(statement)));
    assertEquals(await end(asItIs), "125"); // with a message
    assertEquals(await end(withoutBounds), "0");
    assertEquals(await end((build) => withChecks(() => withoutBounds(build))), "SIGSEGV");
    assertEquals(await end(withChecks), "125");
  });
}
