import { byteText } from "./byte_text.ts";
import { MAX_TABLE_SIZE } from "./format.ts";

/**
 * Appends to a table, and writes equal values only once. Nothing is written beyond the size of the
 * largest table. Bytes are given as byteText(); offsets are multiples of 4.
 */
export class Writer {
  /** The table, with zeros where a number is set later. */
  #text = "";
  /** Each of these numbers' offset and value, in turn. */
  readonly #set: number[] = [];
  readonly #known = new Map<string, number>();
  readonly #strings = new Map<string, number>();
  #full = false;

  get size(): number {
    return this.#text.length;
  }

  /** More was appended than a table may hold. */
  get full(): boolean {
    return this.#full;
  }

  /** Bytes, always written anew; returns their offset. */
  append(bytes: string): number {
    const padding = -this.size & 3;
    const offset = this.size + padding;
    if (offset + bytes.length > MAX_TABLE_SIZE) {
      this.#full = true;
      return 0;
    }
    this.#text += padding === 0 ? bytes : "\0\0\0".slice(0, padding) + bytes;
    return offset;
  }

  /** Zero bytes. */
  reserve(size: number): number {
    return this.append("\0".repeat(size));
  }

  /** Sets a number in what was reserved. */
  set(offset: number, value: number): void {
    if (!this.#full) this.#set.push(offset, value);
  }

  bytes(bytes: string): number {
    const known = this.#known.get(bytes);
    if (known !== undefined) return known;
    const offset = this.append(bytes);
    this.#known.set(bytes, offset);
    return offset;
  }

  /** With its final zero byte. A zero byte in the text would end it early, so it is left out. */
  string(text: string): number {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    const offset = this.bytes(`${byteText(text.replaceAll("\0", ""))}\0`);
    this.#strings.set(text, offset);
    return offset;
  }

  numbers(values: readonly number[]): number {
    return this.bytes(encoded(values));
  }

  /** Numbers, always written anew, even if equal ones exist. */
  section(values: readonly number[]): number {
    return this.append(encoded(values));
  }

  /** The count, then the values. */
  counted(values: readonly number[]): number {
    return this.numbers([values.length, ...values]);
  }

  finish(): Uint8Array {
    // Both are native: a loop over all bytes would take a tenth of the resolver's own time.
    const bytes = Uint8Array.fromBase64(btoa(this.#text));
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < this.#set.length; i += 2) {
      view.setUint32(this.#set[i]!, this.#set[i + 1]!, true);
    }
    return bytes;
  }
}

/** Little-endian. */
function encoded(values: readonly number[]): string {
  let text = "";
  for (const value of values) {
    text += String.fromCharCode(value & 255, value >> 8 & 255, value >> 16 & 255, value >>> 24);
  }
  return text;
}
