/** A point in the image; its address is known once everything is laid out. */
export class Label {
  address: number | undefined;
}

/** Gives an instruction's bytes, once its own address and its label's are known. */
type LateEncoding = (target: number, place: number) => readonly number[];

/**
 * A stretch of bytes that grows at its end. An instruction that needs an address leaves room first
 * and is encoded when the address is known; its size never depends on the address, so that one pass
 * is enough.
 */
export class Code {
  readonly #bytes: number[] = [];
  readonly #labels: { readonly at: number; readonly label: Label }[] = [];
  readonly #late: {
    readonly at: number;
    readonly size: number;
    readonly label: Label;
    readonly encode: LateEncoding;
  }[] = [];

  /** Bytes so far. */
  get size(): number {
    return this.#bytes.length;
  }

  emit(bytes: Iterable<number>): void {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  /** Leaves room for `size` bytes that depend on where the label will be. */
  emitLate(size: number, label: Label, encode: LateEncoding): void {
    this.#late.push({ at: this.size, size, label, encode });
    for (let i = 0; i < size; i++) this.#bytes.push(0);
  }

  /** The label is here. */
  mark(label: Label): void {
    this.#labels.push({ at: this.size, label });
  }

  /** Fills up with zero bytes to a multiple of `alignment`. */
  align(alignment: number): void {
    while (this.size % alignment !== 0) this.#bytes.push(0);
  }

  /** Gives the labels marked here their addresses, this code standing at `address`. */
  place(address: number): void {
    for (const { at, label } of this.#labels) label.address = address + at;
  }

  /** The finished bytes, after every label has its address. */
  finish(address: number): Uint8Array<ArrayBuffer> {
    const bytes = Uint8Array.from(this.#bytes);
    for (const { at, size, label, encode } of this.#late) {
      if (label.address === undefined) throw new Error("a label is used but never marked");
      const encoding = encode(label.address, address + at);
      if (encoding.length !== size) throw new Error("a late instruction changed its size");
      bytes.set(encoding, at);
    }
    return bytes;
  }
}
