/** The words of the small language that Program speaks. */

/** Machines that code can be written for. */
export type Target = "x86_64" | "aarch64";

/** Eight bytes of memory of its own, zero at the start. */
export interface Variable {
  readonly kind: "variable";
  readonly name: string;
}

/** Where a buffer or a constant stands in memory; a number that is known when the image is made. */
export interface Address {
  readonly kind: "address";
  readonly name: string;
}

/** A number stands for its 64-bit pattern, a negative one for its two's complement. */
export type Operand = Variable | Address | number | bigint;

/** On 64 bits, wrapping. Shifts are logical and by the low six bits of b. */
export type Operator = "+" | "-" | "*" | "&" | "|" | "^" | "<<" | ">>";

/** Of two unsigned 64-bit numbers. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** Bytes that one read or write takes. */
export type Size = 1 | 2 | 4 | 8;

/** Code that can be called from several places; see Program.procedure(). */
export interface Procedure {
  readonly kind: "procedure";
  readonly name: string;
  readonly parameters: readonly Variable[];
}
