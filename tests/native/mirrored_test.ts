import { assertEquals } from "@std/assert";
import { isCommutative, mirrored } from "../../lib/native/mirrored.ts";
import { calculate, compare, COMPARISONS, EDGES, OPERATORS } from "./random_program.ts";

const PAIRS = EDGES.flatMap((a) => EDGES.map((b) => [a, b] as const));

Deno.test("mirrored() gives the comparison for swapped sides", () => {
  for (const comparison of COMPARISONS) {
    for (const [a, b] of PAIRS) {
      const what = `${a} ${comparison} ${b}`;
      assertEquals(compare(b, mirrored(comparison), a), compare(a, comparison, b), what);
    }
  }
});

Deno.test("isCommutative() is true for operators whose sides can be swapped", () => {
  const pairs = PAIRS.filter(([a, b]) => a !== 0n && b !== 0n);
  for (const operator of OPERATORS) {
    const same = pairs.every(([a, b]) => calculate(a, operator, b) === calculate(b, operator, a));
    assertEquals(isCommutative(operator), same, operator);
  }
});
