import { assertEquals, assertThrows } from "@std/assert";
import { elfLayout } from "../../lib/native/elf_image.ts";
import { link } from "../../lib/native/link.ts";
import { Memory } from "../../lib/native/memory.ts";
import { Routine } from "../../lib/native/routine.ts";
import { x86_64 } from "../../lib/native/x86_64.ts";

Deno.test("link() puts the routines behind each other and enters at the entry", () => {
  const memory = new Memory(),
    routines = [new Routine("procedure", "f"), new Routine("entry", "e")];
  routines.forEach(({ code }, i) => code.emit(new Array(i + 3).fill(0xc3)));
  const file = link(x86_64, routines, memory, false);
  const { text } = elfLayout(7, 0, 0);
  assertEquals(routines.map(({ label }) => label.address), [text, text + 3]);
  assertEquals(new DataView(file.buffer).getBigUint64(24, true), BigInt(text + 3)); // e_entry
});

Deno.test("link() completes calls in both directions", () => {
  const first = new Routine("entry", "a"), second = new Routine("procedure", "b");
  x86_64.call(first.code, second.label);
  x86_64.call(second.code, first.label);
  const file = link(x86_64, [first, second], new Memory(), false);
  const { text } = elfLayout(10, 0, 0);
  const at = text % 0x1_0000;
  assertEquals([...file.subarray(at, at + 10)], [0xe8, 0, 0, 0, 0, 0xe8, 0xf6, 0xff, 0xff, 0xff]);
});

Deno.test("link() rejects a program without an entry", () => {
  const routines = [new Routine("procedure", "f")];
  assertThrows(() => link(x86_64, routines, new Memory(), false), TypeError, "there is no entry");
});
