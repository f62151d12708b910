/** A command line: an absolute path and its arguments; never a shell's words. */
export interface CommandLine {
  readonly path: string;
  readonly args: readonly string[];
  /** The text for its standard input; /dev/null if undefined. */
  readonly stdin?: string;
  /**
   * Standard input is a pipe into which nothing is written, open for as long as the program is to
   * run. It ends with its starter then, however that ends.
   */
  readonly stdinHeld?: true;
  /** Variables over those of the starter's environment. */
  readonly env?: Readonly<Record<string, string>>;
}
