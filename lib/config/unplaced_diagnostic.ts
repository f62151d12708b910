/** A diagnostic without its line, which is looked up on request. */
export interface UnplacedDiagnostic {
  readonly severity: "error" | "warning";
  /** Index of the layer. */
  readonly layer: number;
  /** Keys, and indexes into lists; empty for the whole file. */
  readonly path: readonly (string | number)[];
  /** What was found and expected, without a period. */
  readonly message: string;
  readonly did_you_mean: string | undefined;
  /** The line, if the parser reported it. */
  readonly line?: number;
}
