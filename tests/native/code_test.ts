import { assertEquals, assertThrows } from "@std/assert";
import { Code, Label } from "../../lib/native/code.ts";

Deno.test("Code encodes an instruction with an address when the address is known", () => {
  const code = new Code(), before = new Label(), after = new Label();
  const distance = (host: number, place: number) => [0xff, host - place & 0xff];
  code.mark(before);
  code.emit([1, 2]);
  code.emitLate(2, before, distance);
  code.emitLate(2, after, distance);
  code.mark(after);
  assertEquals(code.size, 6);
  code.place(0x1000);
  assertEquals([before.address, after.address], [0x1000, 0x1006]);
  assertEquals([...code.finish(0x1000)], [1, 2, 0xff, 0xfe, 0xff, 2]);
});

Deno.test("Code aligns with zeros", () => {
  const code = new Code();
  code.align(4);
  assertEquals(code.size, 0);
  code.emit([1]);
  code.align(4);
  assertEquals([...code.finish(0)], [1, 0, 0, 0]);
});

Deno.test("Code rejects a label without an address and an encoding of another size", () => {
  const code = new Code(), label = new Label();
  code.emitLate(2, label, () => [0]);
  assertThrows(() => code.finish(0), Error, "never marked");
  label.address = 0;
  assertThrows(() => code.finish(0), Error, "changed its size");
});
