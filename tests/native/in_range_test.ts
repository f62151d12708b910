import { assertEquals, assertThrows } from "@std/assert";
import { inRange } from "../../lib/native/in_range.ts";

Deno.test("inRange() returns integers in the range, including its ends", () => {
  assertEquals([-1, 0, 2].map((value) => inRange("it", value, -1, 2)), [-1, 0, 2]);
});

Deno.test("inRange() rejects numbers outside the range and fractions", () => {
  const said = "Cannot encode it 3: expected an integer from -1 to 2";
  assertThrows(() => inRange("it", 3, -1, 2), RangeError, said);
  for (const value of [-2, 0.5, NaN, Infinity]) {
    assertThrows(() => inRange("it", value, -1, 2), RangeError, `it ${value}`);
  }
});
