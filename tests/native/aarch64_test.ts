import { assertEquals, assertThrows } from "@std/assert";
import { aarch64 } from "../../lib/native/aarch64.ts";
import { forms } from "../../lib/native/aarch64_forms.ts";
import { Code, Label } from "../../lib/native/code.ts";
import type { Machine } from "../../lib/native/machine.ts";

/** The number of instructions. */
function count(write: (machine: Machine, code: Code) => void): number {
  const code = new Code();
  write(aarch64, code);
  return code.size / 4;
}

const number = (value: bigint) => ({ value: BigInt.asUintN(64, value) });

Deno.test("aarch64 loads a number with as few instructions as movz, movn and movk allow", () => {
  const load = (value: bigint) => count((m, code) => m.load(code, 0, number(value)));
  assertEquals([0n, 1n, 0xffff_0000n, -1n, -4095n, 1n << 63n].map(load), [1, 1, 1, 1, 1, 1]);
  assertEquals([0x1_0001n, ~0x1_0001n, 1n << 63n | 1n].map(load), [2, 2, 2]);
  assertEquals([0x1234_5678_9abc_def0n, 0xffff_0001_0002_0003n].map(load), [4, 3]);
});

Deno.test("aarch64 computes addresses for offsets beyond its loads and stores", () => {
  const read = (offset: number) => count((m, code) => m.read(code, 4, offset));
  const write = (offset: number) => count((m, code) => m.write(code, 4, offset, { slot: 0 })) - 1;
  for (const access of [read, write]) {
    assertEquals([0, 4, 4 * 4095].map(access), [1, 1, 1]);
    assertEquals([1, -4, 4 * 4096, 2 ** 31 - 1, -(2 ** 31)].map(access), [2, 2, 2, 3, 3]);
  }
  const code = new Code();
  assertThrows(() => aarch64.read(code, 4, 2 ** 31), RangeError, "offset 2147483648");
  assertThrows(
    () => aarch64.write(code, 4, -(2 ** 31) - 1, { slot: 0 }),
    RangeError,
    "offset -2147483649",
  );
  assertThrows(() => aarch64.read(code, 4, 0.5), RangeError, "offset 0.5");
});

Deno.test("aarch64 rejects addresses from 4 GiB on", () => {
  const code = new Code(), label = new Label();
  aarch64.load(code, 0, { label });
  label.address = 2 ** 32 - 1;
  assertEquals(
    [...code.finish(0)],
    [...forms.move("movz", 0, 0xffff, 0), ...forms.move("movk", 0, 0xffff, 1)],
  );
  label.address = 2 ** 32;
  assertThrows(() => code.finish(0), RangeError, "address 4294967296");
});

Deno.test("aarch64 computes and compares with 12-bit immediates", () => {
  const add = (value: bigint) => count((m, code) => m.operate(code, "+", number(value)));
  const less = (value: bigint) =>
    count((m, code) => m.branchIf(code, "<", number(value), new Label()));
  const zero = (value: bigint) =>
    count((m, code) => m.branchIf(code, "==", number(value), new Label()));
  assertEquals([0n, 4095n, -4095n, 4096n, -4096n].map(add), [1, 1, 1, 2, 2]);
  assertEquals([0n, 4095n, -4095n, 4096n, -4096n].map(less), [2, 2, 2, 3, 3]);
  assertEquals([0n, 1n, 4096n].map(zero), [1, 2, 3]);
});
