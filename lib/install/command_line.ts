/** An absolute path and arguments; no shell interprets them. */
export interface CommandLine {
  readonly path: string;
  readonly args: readonly string[];
  /** Text for standard input; if undefined, standard input is /dev/null. */
  readonly stdin?: string;
  /**
   * Standard input is an empty pipe that stays open while this process runs: the program exits when
   * this process ends, however it ends.
   */
  readonly stdinHeld?: true;
  /** Variables added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}
