import { assertEquals, assertThrows } from "@std/assert";
import { optionOffset } from "../../lib/native/elf_image.ts";
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

Deno.test("Memory puts the smallest buffers first, equal ones in the order of creation", () => {
  const memory = new Memory();
  memory.variable("x");
  const sizes = { large: 4096, b: 20, a: 20, tiny: 1 };
  for (const [name, size] of Object.entries(sizes)) memory.buffer(name, size);
  const places = memory.symbols(0).map(({ name, address }) => [name, address]);
  assertEquals(places, [["x", 0], ["tiny", 16], ["b", 32], ["a", 64], ["large", 96]]);
  assertEquals(memory.bssSize, 96 + 4096);
});

Deno.test("Memory gives an option's place in the table, and the number of options", () => {
  const memory = new Memory();
  assertEquals(memory.options, 0);
  const { place, offset } = memory.option(3);
  memory.option(0);
  memory.place({ text: 0, rodata: 0x100, options: 0x108, bss: 0x1000 });
  assertEquals([memory.labelOf(place).address, offset], [0x108, optionOffset(3)]);
  assertEquals(memory.options, 4);
  for (const index of [-1, 0.5, 256]) {
    assertThrows(() => memory.option(index), RangeError, `index of an option: ${index}`);
  }
});

Deno.test("Memory gives constants and buffers their addresses", () => {
  const memory = new Memory();
  const hi = memory.text("hi"), b = memory.buffer("b", 1);
  const again = memory.text("hi"), umlaut = memory.text("ä");
  memory.place({ text: 0, rodata: 0x100, options: 0x110, bss: 0x1000 });
  const addresses = [hi, umlaut, again, b].map((address) => memory.labelOf(address).address);
  assertEquals(addresses, [0x100, 0x103, 0x100, 0x1000]);
  const bytes = [0x68, 0x69, 0, 0xc3, 0xa4, 0];
  assertEquals([...memory.rodata.finish(0x100)], bytes);
});

Deno.test("Memory has room for 4096 variables", () => {
  const memory = new Memory();
  for (let i = 0; i < 4096; i++) memory.variable(`v${i}`);
  assertThrows(() => memory.variable("one"), RangeError, "“one”: there are 4096 already");
});

Deno.test("Memory rejects invalid sizes and names", () => {
  const memory = new Memory();
  for (const size of [0, -1, 0.5, 2 ** 30 + 1]) {
    assertThrows(() => memory.buffer("b", size), RangeError, `size of buffer “b”: ${size}`);
  }
  for (const name of ["", "a b", "ä", "a\0"]) {
    assertThrows(() => memory.variable(name), TypeError, "expected visible ASCII");
  }
});

Deno.test("Memory rejects texts that are not C strings", () => {
  const memory = new Memory();
  for (const text of ["a\0b", "\ud800"]) {
    assertThrows(() => memory.text(text), TypeError, "it is not a C string");
  }
});
