/** The words of the small language that Program speaks. */

/** Machines that code can be written for. */
export type Host = "x86_64" | "aarch64";

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

/** On 64 bits, wrapping. */
export type Operator = "+" | "-" | "*" | "&" | "|" | "^" | Division | Shift;

/**
 * The signed quotient, truncated, and the rest, which has the sign of a. Where b is 0, or a is −2⁶³
 * and b is −1, the machines differ: some end the process by a signal.
 */
type Division = "/" | "%";

/**
 * JavaScript's shifts: of the low 32 bits of a by the low five bits of b. The first two results are
 * sign-extended, the last one is zero-extended.
 */
type Shift = "<<" | ">>" | ">>>";

/** Of two 64-bit numbers: unsigned, with an s signed. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "s<" | "s<=" | "s>" | "s>=";

/** Bytes that one read or write takes. */
export type Size = 1 | 2 | 4 | 8;

/** Code that can be called from several places; see Program.procedure(). */
export interface Procedure {
  readonly kind: "procedure";
  readonly name: string;
  readonly parameters: readonly Variable[];
}
