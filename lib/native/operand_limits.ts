import type { Operand, Operator, Size } from "./language.ts";

/** Throws if a number would be divided by 0. */
export function checkDivisor(operator: Operator, b: Operand): void {
  const divides = operator === "/" || operator === "%";
  if (divides && isZero(b)) throw new RangeError("Cannot divide by 0");
}

/** Throws if the size is not one of a load or store, since types do not hold at run time. */
export function checkedSize(size: Size): Size {
  if ([1, 2, 4, 8].includes(size)) return size;
  throw new RangeError(`Cannot read or write ${size} bytes: expected 1, 2, 4 or 8`);
}

export function isZero(operand: Operand): boolean {
  return operand === 0 || operand === 0n;
}
