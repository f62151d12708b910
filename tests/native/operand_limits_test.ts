import { assertEquals, assertThrows } from "@std/assert";
import type { Size, Variable } from "../../lib/native/language.ts";
import { checkDivisor, checkedSize, isZero } from "../../lib/native/operand_limits.ts";
import { OPERATORS } from "./random_program.ts";

const variable: Variable = { kind: "variable", name: "v" };

Deno.test("checkDivisor() refuses only division by 0", () => {
  for (const operator of OPERATORS) {
    for (const b of [1, -1n, variable]) checkDivisor(operator, b);
    if (operator !== "/" && operator !== "%") checkDivisor(operator, 0);
  }
  for (const operator of ["/", "%"] as const) {
    for (const zero of [0, 0n]) {
      assertThrows(() => checkDivisor(operator, zero), RangeError, "divide by 0");
    }
  }
});

Deno.test("checkedSize() accepts only 1, 2, 4 and 8", () => {
  for (const size of [1, 2, 4, 8] as const) assertEquals(checkedSize(size), size);
  for (const size of [0, 3, 16, -1, 0.5, NaN]) {
    assertThrows(() => checkedSize(size as Size), RangeError, `${size} bytes`);
  }
});

Deno.test("isZero() is true only for the number 0", () => {
  const operands = [0, 0n, 1, -1n, variable];
  assertEquals(operands.map(isZero), [true, true, false, false, false]);
});
