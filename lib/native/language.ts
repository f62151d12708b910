/** Types of the statements that Program writes. */

/** Machines that the handler is compiled for. */
export type Host = "x86_64" | "aarch64";

/** Eight bytes of memory, initially zero. */
export interface Variable {
  readonly kind: "variable";
  readonly name: string;
}

/** The address of a buffer or constant, known at link time. */
export interface Address {
  readonly kind: "address";
  readonly name: string;
}

/** A number is its 64 bits; a negative one is in two's complement. */
export type Operand = Variable | Address | number | bigint;

/** On 64 bits, wrapping. */
export type Operator = "+" | "-" | "*" | "&" | "|" | "^" | Division | Shift;

/**
 * The signed quotient, truncated, and the remainder, with the sign of a. If b is 0, or a is −2⁶³
 * and b is −1, the result depends on the machine: x86_64 ends the process with a signal.
 */
type Division = "/" | "%";

/**
 * JavaScript's shifts of the low 32 bits of a by the low five bits of b. `<<` and `>>` sign-extend
 * the result, `>>>` zero-extends it.
 */
type Shift = "<<" | ">>" | ">>>";

/** Of two 64-bit numbers; with an s they are signed. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "s<" | "s<=" | "s>" | "s>=";

/** The bytes of a read or write. */
export type Size = 1 | 2 | 4 | 8;

/** See Program.procedure(). */
export interface Procedure {
  readonly kind: "procedure";
  readonly name: string;
  readonly parameters: readonly Variable[];
}
