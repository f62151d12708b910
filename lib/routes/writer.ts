import { byteText } from "./byte_text.ts";
import { MAX_TABLE_SIZE } from "./format.ts";

/**
 * Appends to a table; what is equal is written once. Beyond the largest table nothing more is
 * written. Bytes are given as byteText() has them.
 */
export class Writer {
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;
  readonly #texts = new Map<string, number>();
  readonly #lists = new Map<string, number>();
  #full = false;

  get size(): number {
    return this.#size;
  }

  /** More was written than a table may hold. */
  get full(): boolean {
    return this.#full;
  }

  /** Room for so many bytes, zero; returns its offset, a multiple of 4. */
  reserve(size: number): number {
    const offset = this.#size + 3 & ~3;
    if (offset + size > MAX_TABLE_SIZE) {
      this.#full = true;
      return 0;
    }
    this.#size = offset + size;
    if (this.#size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#size, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return offset;
  }

  /** Sets a number in reserved room. */
  set(offset: number, value: number): void {
    if (!this.#full) this.#view.setUint32(offset, value, true);
  }

  /** Sets bytes in reserved room. */
  setBytes(offset: number, bytes: string): void {
    if (this.#full) return;
    for (let i = 0; i < bytes.length; i++) this.#bytes[offset + i] = bytes.charCodeAt(i);
  }

  bytes(bytes: string): number {
    return once(this.#texts, bytes, () => {
      const offset = this.reserve(bytes.length);
      this.setBytes(offset, bytes);
      return offset;
    });
  }

  /** With its zero byte; one in the text would end it, so it is left out. */
  string(text: string): number {
    return this.bytes(`${byteText(text.replaceAll("\0", ""))}\0`);
  }

  numbers(values: readonly number[]): number {
    return once(this.#lists, values.join(), () => this.section(values));
  }

  /** Numbers that nothing else is equal to. */
  section(values: readonly number[]): number {
    const offset = this.reserve(4 * values.length);
    values.forEach((value, i) => this.set(offset + 4 * i, value));
    return offset;
  }

  /** The count, then the values. */
  counted(values: readonly number[]): number {
    return this.numbers([values.length, ...values]);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }
}

function once(written: Map<string, number>, key: string, write: () => number): number {
  const known = written.get(key);
  if (known !== undefined) return known;
  const offset = write();
  written.set(key, offset);
  return offset;
}
