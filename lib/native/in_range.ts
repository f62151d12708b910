/** Returns the number; throws a RangeError if it is not an integer from `min` to `max`. */
export function inRange(what: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`Cannot encode ${what} ${value}: expected an integer from ${min} to ${max}`);
}
