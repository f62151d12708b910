import { assertEquals } from "@std/assert";
import { type Address, type Operand, Program, type Variable } from "../../lib/native/program.ts";
import { HOST } from "../handler/stage.ts";
import { withChecks } from "./with_checks.ts";

const SIZE = 64;

interface Places {
  readonly p: Program;
  readonly value: Variable;
  readonly table: Operand;
  readonly before: Address;
  readonly buffer: Address;
  readonly behind: Address;
  readonly stack: Variable;
}

/** How a program ends that does this, and nothing else, in the middle of its memory. */
async function ends(act: (places: Places) => void): Promise<string> {
  const image = withChecks(() => {
    const p = new Program(HOST);
    const [table, size, value] = ["table", "table_size", "value"].map((name) => p.variable(name));
    const [before, buffer, behind] = ["before", "buffer", "behind"].map((name) =>
      p.buffer(name, SIZE)
    );
    const memory = p.variable("memory");
    const stack = p.variable("own_stack");
    const places = { p, value: value!, table: table!, before: before!, buffer: buffer!, stack };
    const body = p.procedure("body", [], () => act({ ...places, behind: behind! }));
    p.entry(stack, () => {
      // Mapped pages before and behind: without checks nothing would happen there.
      p.syscall(memory, "mmap", 0, 3 * 4096, 3, 0x22, -1, 0);
      p.do(table!, memory, "+", 4096);
      p.set(size!, SIZE);
      p.call(body);
      p.syscall(value!, "exit_group", 0);
    });
    return p.image();
  });
  const file = await Deno.makeTempFile();
  try {
    Deno.writeFileSync(file, image, { mode: 0o755 });
    const { code, signal } = await new Deno.Command(file).output();
    return signal ?? String(code);
  } finally {
    Deno.removeSync(file);
  }
}

Deno.test("withChecks() lets a program use all of its own memory, to the last byte", async () => {
  const status = await ends(({ p, value, table, buffer, before, stack }) => {
    p.read(value, 8, table);
    p.read(value, 8, table, SIZE - 8);
    p.read(value, 1, table, SIZE - 1);
    p.read(value, 1, p.text("ab"), 2);
    p.read(value, 4, p.bytes(new Uint8Array(4)));
    p.read(value, 8, stack);
    for (const each of [before, buffer]) {
      p.write(8, each, 1);
      p.write(8, each, 1, SIZE - 8);
      p.read(value, 1, each, SIZE - 1);
    }
    p.syscall(value, "getcwd", buffer, SIZE);
  });
  assertEquals(status, "0");
});

const FAULTS: readonly (readonly [string, (places: Places) => void])[] = [
  ["loads behind the table", ({ p, value, table }) => p.read(value, 1, table, SIZE)],
  ["loads across the table's end", ({ p, value, table }) => p.read(value, 8, table, SIZE - 7)],
  ["loads before the table", ({ p, value, table }) => p.read(value, 1, table, -1)],
  ["stores into the table", ({ p, table }) => p.write(1, table, 0)],
  ["stores across a buffer's end", ({ p, buffer }) => p.write(8, buffer, 0, SIZE - 4)],
  ["stores a byte before a buffer", ({ p, before }) => p.write(1, before, 0, -1)],
  ["loads behind its last buffer", ({ p, value, behind }) => p.read(value, 1, behind, SIZE)],
  ["loads behind its constants", ({ p, value }) => p.read(value, 4, p.text("ab"))],
  ["stores into a constant", ({ p }) => p.write(1, p.text("ab"), 0)],
  ["loads below the stack", ({ p, value, stack }) => p.read(value, 8, stack, -8)],
  ["loads at an address that wraps", ({ p, value }) => p.read(value, 8, -4)],
  [
    "has the kernel write behind a buffer",
    ({ p, value, buffer }) => p.syscall(value, "getcwd", buffer, SIZE + 1),
  ],
];

for (const [what, act] of FAULTS) {
  Deno.test(`withChecks() ends a program that ${what}`, async () => {
    assertEquals(await ends(act), "SIGSEGV");
  });
}
