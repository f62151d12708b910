import { assertEquals, assertThrows } from "@std/assert";
import { elfLayout } from "../../lib/native/elf_image.ts";
import { link } from "../../lib/native/link.ts";
import { Memory } from "../../lib/native/memory.ts";
import { Routine } from "../../lib/native/routine.ts";
import { x86_64 } from "../../lib/native/x86_64.ts";

Deno.test("link() puts routines one behind another and enters at the entry", () => {
  const memory = new Memory(),
    routines = [new Routine("procedure", "f"), new Routine("entry", "e")];
  routines.forEach(({ code }, i) => code.emit(new Array(i + 3).fill(0xc3)));
  const code = link(x86_64, routines, memory);
  const { text } = elfLayout(7, 0, 0);
  assertEquals(routines.map(({ label }) => label.address), [text, text + 3]);
  assertEquals([code.entry, code.text.length], [text + 3, 7]);
  assertEquals([code.host, code.e_machine], ["x86_64", 62]);
});

Deno.test("link() completes calls in both directions", () => {
  const first = new Routine("entry", "a"), second = new Routine("procedure", "b");
  x86_64.call(first.code, second.label);
  x86_64.call(second.code, first.label);
  const { text } = link(x86_64, [first, second], new Memory());
  assertEquals([...text], [0xe8, 0, 0, 0, 0, 0xe8, 0xf6, 0xff, 0xff, 0xff]);
});

Deno.test("link() places the slots, the constants and the table of options", () => {
  const memory = new Memory(), routine = new Routine("entry", "e");
  memory.variable("v");
  const constant = memory.text("ab"), option = memory.option(1);
  routine.code.emit([0xc3]);
  const code = link(x86_64, [routine], memory);
  const { rodata, options, bss } = elfLayout(1, 3, 8);
  const places = [memory.slots, memory.labelOf(constant), memory.labelOf(option.place)];
  assertEquals(places.map(({ address }) => address), [bss, rodata, options]);
  assertEquals([[...code.rodata], code.bssSize, code.options], [[0x61, 0x62, 0], 8, 2]);
  assertEquals(code.symbols.map(({ name, section }) => [name, section]), [
    ["v", ".bss"],
    ["e", ".text"],
  ]);
});

Deno.test("link() rejects a program without an entry", () => {
  const routines = [new Routine("procedure", "f")];
  assertThrows(() => link(x86_64, routines, new Memory()), TypeError, "there is no entry");
});
