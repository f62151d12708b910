/** Compares by code point, as UTF-8 bytes sort; JavaScript's < compares UTF-16 code units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const left = [...a], right = [...b];
  const differs = left.findIndex((letter, index) => letter !== right[index]);
  if (differs === -1) return -1;
  return left[differs]!.codePointAt(0)! - (right[differs]?.codePointAt(0) ?? -1);
}
