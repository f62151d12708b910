import { byteText } from "./byte_text.ts";
import { MAX_TABLE_SIZE } from "./format.ts";

/**
 * Appends to a table, and writes equal values only once. Nothing is written beyond the size of the
 * largest table. Bytes are given as byteText().
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

  /** More was appended than a table may hold. */
  get full(): boolean {
    return this.#full;
  }

  /** Reserves room for that many zero bytes; returns its offset, a multiple of 4. */
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

  /** With its final zero byte. A zero byte in the text would end it early, so it is left out. */
  string(text: string): number {
    return this.bytes(`${byteText(text.replaceAll("\0", ""))}\0`);
  }

  numbers(values: readonly number[]): number {
    return once(this.#lists, values.join(), () => this.section(values));
  }

  /** Numbers, always written anew, even if equal ones exist. */
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
