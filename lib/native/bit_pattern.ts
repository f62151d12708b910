/** A number's 64 bits as a bigint from 0 to 2⁶⁴−1; negative ones in two's complement. */
export function bitPattern(number: number | bigint): bigint {
  if (typeof number !== "bigint" && !Number.isSafeInteger(number)) {
    const expected = "expected an integer, and a bigint beyond 2⁵³";
    throw new RangeError(`Cannot use the number ${number}: ${expected}`);
  }
  const value = BigInt(number);
  if (value >= -(2n ** 63n) && value < 2n ** 64n) return BigInt.asUintN(64, value);
  throw new RangeError(`Cannot use the number ${number}: expected 64 bits`);
}
