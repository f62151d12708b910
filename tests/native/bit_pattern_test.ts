import { assertEquals, assertThrows } from "@std/assert";
import { bitPattern } from "../../lib/native/bit_pattern.ts";

Deno.test("bitPattern() gives 64 bits, negative numbers as two's complement", () => {
  const numbers = [0, 1, -1, 2 ** 53 - 1, -(2n ** 63n), 2n ** 64n - 1n];
  const expected = [0n, 1n, 2n ** 64n - 1n, 2n ** 53n - 1n, 2n ** 63n, 2n ** 64n - 1n];
  assertEquals(numbers.map(bitPattern), expected);
});

Deno.test("bitPattern() rejects fractions, unsafe integers and more than 64 bits", () => {
  for (const number of [0.5, NaN, Infinity, 2 ** 53, 2n ** 64n, -(2n ** 63n) - 1n]) {
    assertThrows(() => bitPattern(number), RangeError, `Cannot use the number ${number}`);
  }
});
