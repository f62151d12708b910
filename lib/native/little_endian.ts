/** Integers of `size` bytes each, little-endian; negative ones in two's complement. */
export function littleEndian(size: 2 | 4 | 8, ...values: number[]): number[] {
  return values.flatMap((value) =>
    Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) & 0xff)
  );
}
