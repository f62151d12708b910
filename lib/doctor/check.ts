/** A check of doctor: facts in, findings out. */
import type { CheckId } from "./ids.ts";
import type { Facts } from "./facts.ts";

/** unknown: it could not be checked here. */
export type State = "good" | "warning" | "bad" | "unknown";

/** The state of one thing. */
export interface Finding {
  readonly state: State;
  /** What was seen, in one sentence without a period. */
  readonly seen: string;
  /** Further lines below it. */
  readonly details?: readonly string[];
  /** Commands or other remedies; for root unless they say otherwise. */
  readonly commands?: readonly string[];
}

export interface Check<Needed extends keyof Facts = keyof Facts> {
  readonly needs: readonly Needed[];
  readonly judge: (facts: Pick<Facts, Needed>) => readonly Finding[];
}

/** The result of a check. */
export interface Result {
  readonly id: CheckId;
  /** The worst of its findings. */
  readonly state: State;
  readonly findings: readonly Finding[];
}

/** A check that asks for these facts and no others. */
export function check<Needed extends keyof Facts>(
  needs: readonly Needed[],
  judge: (facts: Pick<Facts, Needed>) => readonly Finding[],
): Check<Needed> {
  return { needs, judge };
}

/** The remedy for a missing or changed part of binfmt-dispatcher. */
export const REINSTALL = "Reinstall binfmt-dispatcher";

export function good(seen: string): Finding {
  return { state: "good", seen };
}

export function bad(seen: string, ...commands: string[]): Finding {
  return { state: "bad", seen, commands };
}

export function warning(seen: string, ...commands: string[]): Finding {
  return { state: "warning", seen, commands };
}

export function unknown(seen: string, ...commands: string[]): Finding {
  return { state: "unknown", seen, commands };
}
