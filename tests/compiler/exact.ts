/**
 * Arithmetic as the handler's language has it: what leaves ±2⁵³ ends the program. Random programs
 * are printed a second time with these functions instead of + - *, to know where they have to end.
 */

/** Ends a program at the place that the first printing has. */
export class Beyond extends Error {
  constructor(readonly line: number, readonly column: number) {
    super(`beyond 2⁵³ at ${line}:${column}`);
  }
}

function checked(result: number, line: number, column: number): number {
  // A sum or a product is safe as a double only where it is safe exactly.
  if (!Number.isSafeInteger(result)) throw new Beyond(line, column);
  return result;
}

export function sum(a: number, b: number, line: number, column: number): number {
  return checked(a + b, line, column);
}

export function difference(a: number, b: number, line: number, column: number): number {
  return checked(a - b, line, column);
}

export function product(a: number, b: number, line: number, column: number): number {
  return checked(a * b, line, column);
}
