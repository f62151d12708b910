/** The output of a command: commands return it, and main.ts writes it. */
import type { Result } from "../failure.ts";

export interface Answer {
  readonly stdout?: string | Uint8Array;
  /** Warnings. */
  readonly stderr?: string;
  /** The exit status; 0 by default. */
  readonly status?: number;
}

/** lib/commands/NAME.ts exports `NAME(its part of Command, environment): Outcome`. */
export type Outcome = Promise<Result<Answer>>;
