/** A program to be started. */

/** An absolute path and its arguments; never a shell's words. */
export interface CommandLine {
  readonly path: string;
  /** Without the program's own name. */
  readonly args: readonly string[];
}
