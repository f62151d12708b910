import { elfLayout } from "./elf_image.ts";
import type { LinkedCode, Symbol } from "./linked_code.ts";
import type { Machine } from "./machine.ts";
import type { Memory } from "./memory.ts";
import type { Routine } from "./routine.ts";

/** Assigns addresses and encodes the code with them. */
export function link(
  machine: Machine,
  routines: readonly Routine[],
  memory: Memory,
): LinkedCode {
  const entry = routines.find(({ kind }) => kind === "entry");
  if (entry === undefined) throw new TypeError("Cannot link the code: there is no entry");
  const textSize = routines.reduce((sum, { code }) => sum + code.size, 0);
  const layout = elfLayout(textSize, memory.rodata.size, memory.bssSize);
  memory.place(layout);
  const symbols: Symbol[] = memory.symbols(layout.bss);
  const text = new Uint8Array(textSize);
  let offset = 0;
  for (const { code, kind, name } of routines) {
    const address = layout.text + offset;
    code.place(address);
    symbols.push({ name, section: ".text", address, size: code.size, global: kind === "entry" });
    offset += code.size;
  }
  for (const { code, label } of routines) {
    text.set(code.finish(label.address!), label.address! - layout.text);
  }
  return {
    host: machine.host,
    e_machine: machine.e_machine,
    text,
    rodata: memory.rodata.finish(layout.rodata),
    bssSize: memory.bssSize,
    entry: entry.label.address!,
    symbols,
    options: memory.options,
  };
}
