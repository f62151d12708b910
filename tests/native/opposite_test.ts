import { assertEquals } from "@std/assert";
import { opposite } from "../../lib/native/opposite.ts";
import { compare, COMPARISONS, EDGES } from "./random_program.ts";

Deno.test("opposite() is true exactly if the comparison is false", () => {
  for (const comparison of COMPARISONS) {
    for (const a of EDGES) {
      for (const b of EDGES) {
        const what = `${a} ${comparison} ${b}`;
        assertEquals(compare(a, opposite(comparison), b), !compare(a, comparison, b), what);
      }
    }
  }
});
