/** Something wrong in a layer, before its line is looked up. */
export interface UnplacedDiagnostic {
  readonly severity: "error" | "warning";
  /** Index of the layer. */
  readonly layer: number;
  /** Keys, and indexes into lists; empty for the whole file. */
  readonly path: readonly (string | number)[];
  /** What was found and expected, without a period. */
  readonly message: string;
  readonly did_you_mean: string | undefined;
  /** Where the parser itself tells the line. */
  readonly line?: number;
}
