/** Expected failures, as values. */
import { printable } from "./printable.ts";

/** The kind of failure, which determines the exit status. */
export type FailureCode =
  | "usage" // wrong arguments
  | "config" // a configuration that cannot be used
  | "unreadable" // a file that cannot be read
  | "not-found" // a program that is not there
  | "not-a-program" // a file that no kind of program describes
  | "no-interpreter" // nothing installed can run the program
  | "cannot-run" // found, but it cannot be started
  | "refused" // asked for something that is never done
  | "declined" // a person said no
  | "not-installed" // what is missing could not be installed
  | "internal"; // binfmt-dispatcher itself failed

export interface Failure {
  readonly code: FailureCode;
  /** What could not be done, to what, after "Cannot ": "read “/etc/x.toml”". */
  readonly what: string;
  /** Why: the fact that was found, without a period. */
  readonly why: string;
  /** What to do next, as a whole sentence. */
  readonly hint?: string;
}

/** A value, or the reason for its absence. */
export type Result<T> = { readonly ok: true; readonly value: T } | {
  readonly ok: false;
  readonly failure: Failure;
};

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failed(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure };
}

/** Exit statuses, like those of env(1), nice(1) and xargs(1). */
const STATUS: Record<FailureCode, number> = {
  "usage": 2,
  "config": 1,
  "unreadable": 1,
  "not-found": 127,
  "not-a-program": 126,
  "no-interpreter": 127,
  "cannot-run": 126,
  "refused": 2,
  "declined": 126,
  "not-installed": 1,
  "internal": 125,
};

export function exitStatus(failure: Failure): number {
  return STATUS[failure.code];
}

/**
 * The message: one line with what failed and why, and another one with the hint, if any. Control
 * characters in file names are escaped.
 */
export function render({ what, why, hint }: Failure): string {
  const line = `binfmt-dispatcher: Cannot ${printable(what)}: ${printable(why)}\n`;
  return hint === undefined ? line : `${line}  ${printable(hint)}\n`;
}

/** The last message of render() in the output of binfmt-dispatcher, and the output before it. */
export function findRendered(
  output: string,
): { readonly told: Pick<Failure, "why" | "hint">; readonly before: string } | undefined {
  const form = /^binfmt-dispatcher: Cannot [^\n]*?: ([^\n]+)\n(?: {2}([^\n]+)\n)?/gm;
  const found = [...output.matchAll(form)].at(-1);
  if (found === undefined) return undefined;
  const [, why = "", hint] = found;
  const before = output.slice(0, found.index);
  return { told: hint === undefined ? { why } : { why, hint }, before };
}
