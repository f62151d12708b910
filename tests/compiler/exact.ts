/**
 * The arithmetic of the handler's language: a result beyond ±2⁵³ ends the program. Random programs
 * are printed a second time with these functions instead of + - *, to tell where each must end.
 */

/** Ends a program; the place is that of the first printing. */
export class Beyond extends Error {
  constructor(readonly line: number, readonly column: number) {
    super(`beyond 2⁵³ at ${line}:${column}`);
  }
}

function checked(result: number, line: number, column: number): number {
  // As a double, a sum or a product is safe only if the exact one is.
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
