/** A place in the image. Its address is known after the layout. */
export class Label {
  address: number | undefined;
}

/** Returns an instruction's bytes for the addresses of its label and of itself. */
type LateEncoding = (target: number, place: number) => readonly number[];

/**
 * Code or constants, to which bytes are appended. An instruction with an address is encoded in
 * finish(); its size does not depend on the address, so one pass is enough.
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

  /** Reserves `size` bytes that depend on the label's address. */
  emitLate(size: number, label: Label, encode: LateEncoding): void {
    this.#late.push({ at: this.size, size, label, encode });
    for (let i = 0; i < size; i++) this.#bytes.push(0);
  }

  /** Puts the label here. */
  mark(label: Label): void {
    this.#labels.push({ at: this.size, label });
  }

  /** Adds zero bytes up to a multiple of `alignment`. */
  align(alignment: number): void {
    while (this.size % alignment !== 0) this.#bytes.push(0);
  }

  /** Sets the addresses of the labels here, with this code at `address`. */
  place(address: number): void {
    for (const { at, label } of this.#labels) label.address = address + at;
  }

  /** The bytes. Call it when all labels have addresses. */
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
