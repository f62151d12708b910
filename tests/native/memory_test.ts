import { assertEquals, assertThrows } from "@std/assert";
import { Memory } from "../../lib/native/memory.ts";

Deno.test("Memory puts the slots first, then the buffers, each at a multiple of 16", () => {
  const memory = new Memory();
  memory.buffer("a", 1);
  const x = memory.variable("x"), y = memory.variable("y");
  memory.buffer("b", 20);
  memory.variable("z");
  assertEquals([memory.slotOf(x), memory.slotOf(y)], [0, 1]);
  assertEquals(memory.bssSize, 48 + 20);
  assertEquals(memory.symbols(0x1000), [
    { name: "x", section: ".bss", address: 0x1000, size: 8 },
    { name: "y", section: ".bss", address: 0x1008, size: 8 },
    { name: "z", section: ".bss", address: 0x1010, size: 8 },
    { name: "a", section: ".bss", address: 0x1020, size: 1 },
    { name: "b", section: ".bss", address: 0x1030, size: 20 },
  ]);
});

Deno.test("Memory gives constants and buffers their addresses", () => {
  const memory = new Memory();
  const hi = memory.text("hi"), eight = memory.bytes(Uint8Array.of(9)), b = memory.buffer("b", 1);
  const again = memory.text("hi"), umlaut = memory.text("ä");
  memory.place(0x100, 0x1000);
  const addresses = [hi, eight, umlaut, again, b].map((address) => memory.labelOf(address).address);
  assertEquals(addresses, [0x100, 0x108, 0x109, 0x100, 0x1000]);
  const bytes = [0x68, 0x69, 0, 0, 0, 0, 0, 0, 9, 0xc3, 0xa4, 0];
  assertEquals([...memory.rodata.finish(0x100)], bytes);
});

Deno.test("Memory has room for 4096 variables, all of which the machines reach", () => {
  const memory = new Memory();
  for (let i = 0; i < 4096; i++) memory.variable(`v${i}`);
  assertThrows(() => memory.variable("one"), RangeError, "“one”: there are 4096 already");
});

Deno.test("Memory rejects buffers and names that cannot be", () => {
  const memory = new Memory();
  for (const size of [0, -1, 0.5, 2 ** 30 + 1]) {
    assertThrows(() => memory.buffer("b", size), RangeError, `size of buffer “b”: ${size}`);
  }
  for (const name of ["", "a b", "ä", "a\0"]) {
    assertThrows(() => memory.variable(name), TypeError, "expected visible ASCII");
  }
});

Deno.test("Memory rejects texts that are no C strings", () => {
  const memory = new Memory();
  for (const text of ["a\0b", "\ud800"]) {
    assertThrows(() => memory.text(text), TypeError, "use bytes()");
  }
});
