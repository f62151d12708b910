import { assertEquals } from "@std/assert";
import { Routine } from "../../lib/native/routine.ts";

Deno.test("a Routine's label is the address of its first instruction", () => {
  const routine = new Routine("procedure", "f", 3);
  routine.code.emit([1, 2, 3]);
  routine.code.place(0x1000);
  assertEquals(routine.label.address, 0x1000);
});
