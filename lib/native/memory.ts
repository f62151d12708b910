import { Code, Label } from "./code.ts";
import { type Layout, MAX_OPTIONS, optionOffset } from "./elf_image.ts";
import { inRange } from "./in_range.ts";
import type { Address, Variable } from "./language.ts";
import type { Symbol } from "./linked_code.ts";

/** The slots that an aarch64 load reaches from the first one. */
const MAX_VARIABLES = 4096;
const MAX_BUFFER_SIZE = 2 ** 30;
const SLOT_SIZE = 8;
const BUFFER_ALIGNMENT = 16;

interface Block {
  readonly name: string;
  readonly label: Label;
  /** Bytes from the start of .bss. */
  readonly offset: number;
  readonly size: number;
}

/** A program's memory except its code: slots and buffers in .bss, constants in .rodata, options. */
export class Memory {
  /** Slot 0, the start of .bss. */
  readonly slots = new Label();
  readonly rodata = new Code();
  readonly #names = new Set<string>();
  readonly #variables = new Map<Variable, number>();
  readonly #buffers: { readonly name: string; readonly label: Label; readonly size: number }[] = [];
  readonly #labels = new Map<Address, Label>();
  readonly #texts = new Map<string, Address>();
  readonly #optionTable: Address = { kind: "address", name: "option table" };
  #options = 0;

  constructor() {
    this.#labels.set(this.#optionTable, new Label());
  }

  /** Reserves a name and returns it. Names are symbols of visible ASCII characters. */
  unique(name: string): string {
    if (!/^[!-~]+$/.test(name)) {
      throw new TypeError(`Cannot use the name ${JSON.stringify(name)}: expected visible ASCII`);
    }
    if (this.#names.has(name)) throw new TypeError(`Cannot use the name “${name}” twice`);
    this.#names.add(name);
    return name;
  }

  variable(name: string): Variable {
    if (this.#variables.size === MAX_VARIABLES) {
      throw new RangeError(`Cannot add variable “${name}”: there are ${MAX_VARIABLES} already`);
    }
    const variable: Variable = { kind: "variable", name: this.unique(name) };
    this.#variables.set(variable, this.#variables.size);
    return variable;
  }

  buffer(name: string, size: number): Address {
    inRange(`size of buffer “${name}”:`, size, 1, MAX_BUFFER_SIZE);
    const address: Address = { kind: "address", name: this.unique(name) };
    const label = new Label();
    this.#labels.set(address, label);
    this.#buffers.push({ name, label, size });
    return address;
  }

  text(text: string): Address {
    if (text.includes("\0") || !text.isWellFormed()) {
      const quoted = JSON.stringify(text);
      throw new TypeError(`Cannot store text ${quoted}: it is not a C string`);
    }
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const address: Address = { kind: "address", name: `text ${this.#texts.size}` };
    const label = new Label();
    this.rodata.mark(label);
    this.rodata.emit(new TextEncoder().encode(text + "\0"));
    this.#labels.set(address, label);
    this.#texts.set(text, address);
    return address;
  }

  /** The place of an option's entry in the table. */
  option(index: number): { readonly place: Address; readonly offset: number } {
    inRange("index of an option:", index, 0, MAX_OPTIONS - 1);
    this.#options = Math.max(this.#options, index + 1);
    return { place: this.#optionTable, offset: optionOffset(index) };
  }

  /** How many options the code reads. */
  get options(): number {
    return this.#options;
  }

  slotOf(variable: Variable): number {
    const slot = this.#variables.get(variable);
    if (slot !== undefined) return slot;
    throw new TypeError(`Cannot use variable “${variable?.name}”: it is not this program's`);
  }

  labelOf(address: Address): Label {
    const label = this.#labels.get(address);
    if (label !== undefined) return label;
    throw new TypeError(`Cannot use address “${address?.name}”: it is not this program's`);
  }

  /** Bytes. */
  get bssSize(): number {
    const last = this.#blocks().at(-1);
    return last === undefined ? this.#variables.size * SLOT_SIZE : last.offset + last.size;
  }

  /** Sets the addresses of all labels. */
  place({ rodata, options, bss }: Layout): void {
    this.rodata.place(rodata);
    this.labelOf(this.#optionTable).address = options;
    this.slots.address = bss;
    for (const { label, offset } of this.#blocks()) label.address = bss + offset;
  }

  /** A symbol for each variable and buffer. */
  symbols(bss: number): Symbol[] {
    const variables = [...this.#variables].map(([{ name }, slot]): Symbol => (
      { name, section: ".bss", address: bss + slot * SLOT_SIZE, size: SLOT_SIZE }
    ));
    const buffers = this.#blocks().map(({ name, offset, size }): Symbol => (
      { name, section: ".bss", address: bss + offset, size }
    ));
    return [...variables, ...buffers];
  }

  /** The buffers after the slots, the smallest first, so that small ones share the slots' pages. */
  #blocks(): Block[] {
    let end = this.#variables.size * SLOT_SIZE;
    const sorted = this.#buffers.toSorted((a, b) => a.size - b.size);
    return sorted.map(({ name, label, size }) => {
      const offset = Math.ceil(end / BUFFER_ALIGNMENT) * BUFFER_ALIGNMENT;
      end = offset + size;
      return { name, label, offset, size };
    });
  }
}
