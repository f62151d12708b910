import { assertEquals, assertThrows } from "@std/assert";
import { Code, Label } from "../../lib/native/code.ts";
import type { Machine } from "../../lib/native/machine.ts";
import { x86_64 } from "../../lib/native/x86_64.ts";

const RAX = 0;

/** The number of bytes. */
function size(write: (machine: Machine, code: Code) => void): number {
  const code = new Code();
  write(x86_64, code);
  return code.size;
}

const number = (value: bigint) => ({ value: BigInt.asUintN(64, value) });

Deno.test("x86_64 loads a number with the shortest instruction that can", () => {
  const length = (value: bigint) => size((m, code) => m.load(code, RAX, number(value)));
  assertEquals([0n, 1n, 2n ** 32n - 1n].map(length), [5, 5, 5]);
  assertEquals([-1n, -4095n, -(2n ** 31n)].map(length), [7, 7, 7]);
  assertEquals([2n ** 32n, 2n ** 63n, -(2n ** 31n) - 1n].map(length), [10, 10, 10]);
});

Deno.test("x86_64 computes and compares with 32-bit immediates", () => {
  const add = (value: bigint) => size((m, code) => m.operate(code, "+", number(value)));
  const less = (value: bigint) =>
    size((m, code) => m.branchIf(code, "<", number(value), new Label())) - 6;
  assertEquals([1n, -128n, 128n, -(2n ** 31n)].map(add), [4, 4, 6, 6]);
  assertEquals([2n ** 31n, 2n ** 32n].map(add), [5 + 3, 10 + 3]);
  assertEquals([0n, 1n, 2n ** 31n - 1n, 2n ** 31n].map(less), [3, 4, 6, 5 + 3]);
});

Deno.test("x86_64 reaches the first 32 slots with one byte of offset", () => {
  const use = (slot: number) => [
    size((m, code) => m.load(code, RAX, { slot })),
    size((m, code) => m.store(code, RAX, slot)),
    size((m, code) => m.operate(code, "&", { slot })),
    size((m, code) => m.set(code, slot, number(-1n))),
  ];
  for (const slot of [0, 15, 17, 31]) assertEquals(use(slot), [4, 4, 4, 8]);
  for (const slot of [32, 4095]) assertEquals(use(slot), [7, 7, 7, 11]);
});

Deno.test("x86_64 rejects addresses from 4 GiB on, and signed ones from 2 GiB on", () => {
  const loaded = new Code(), set = new Code(), label = new Label();
  x86_64.load(loaded, RAX, { label });
  x86_64.set(set, 0, { label });
  label.address = 2 ** 32 - 1;
  assertEquals([...loaded.finish(0)], [0xb8, 0xff, 0xff, 0xff, 0xff]);
  assertThrows(() => set.finish(0), RangeError, "immediate 4294967295");
  label.address = 2 ** 32;
  assertThrows(() => loaded.finish(0), RangeError, "immediate 4294967296");
  label.address = 2 ** 31 - 1;
  assertEquals([...set.finish(0)], [0x48, 0xc7, 0x43, 0x80, 0xff, 0xff, 0xff, 0x7f]);
});
