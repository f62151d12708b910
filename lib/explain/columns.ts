/** The cells of one line; the last one is not padded. */
export type Row = readonly string[];

// deno-lint-ignore no-control-regex
const SGR = /\x1b\[\d+m/g;
/** Wider cells do not widen their column. */
const MAX_WIDTH = 64;

/** The width on a terminal; combining and wide letters count as one column each. */
function width(text: string): number {
  return [...text.replace(SGR, "")].length;
}

/** Indented lines with aligned cells and no trailing space. */
export function columns(rows: readonly Row[], indent = "  "): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, i) => {
      const size = width(cell);
      if (size <= MAX_WIDTH) widths[i] = Math.max(widths[i] ?? 0, size);
    });
  }
  return rows.map((row) => {
    const cells = row.map((cell, i) =>
      i === row.length - 1 ? cell : cell + " ".repeat(Math.max(0, (widths[i] ?? 0) - width(cell)))
    );
    return (indent + cells.join("  ")).trimEnd();
  });
}
