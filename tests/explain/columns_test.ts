import { assertEquals } from "@std/assert";
import { columns } from "../../lib/explain/columns.ts";

Deno.test("columns() aligns cells, without counting colours", () => {
  assertEquals(columns([["a", "é", "x"], ["\x1b[32mbbb\x1b[39m", "c", "yy"], ["d"]]), [
    "  a    é  x",
    "  \x1b[32mbbb\x1b[39m  c  yy",
    "  d",
  ]);
});

Deno.test("columns() trims lines and lets one wide cell stick out", () => {
  const wide = "w".repeat(65);
  assertEquals(columns([["a", "b", ""], [wide, "c"]], ""), ["a  b", `${wide}  c`]);
  assertEquals(columns([]), []);
});
