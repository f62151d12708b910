/**
 * Reports to a listener in Deno what is checked, and with what result. Natively the compiler drops
 * these calls, and isListening() is false.
 */
import type { Candidate } from "./decide/candidate.ts";
import type { KIND } from "../routes/format.ts";
import type { Structure } from "./decide/table.ts";

export interface Listener {
  kind?(kind: Structure<typeof KIND>, target: number, loader: Uint8Array): void;
  /** A rule's rank, as format.ts has it; 0 for none. */
  rule?(rank: number): void;
  /** A rule below the home directory matches by its links; its literal part leads here. */
  leadsTo?(real: Uint8Array): void;
  /** The caller picked the interpreter of this ID. */
  picked?(id: Uint8Array): void;
  /** Is the interpreter that the caller picked used? */
  override?(taken: boolean): void;
  /** The next candidate. */
  candidate?(candidate: Candidate): void;
  /** The next group of paths; the candidate needs one of them. */
  group?(): void;
  /** A path of the group, undefined if its directory is unknown. Is it the first that exists? */
  path?(path: Uint8Array | undefined, exists: boolean): void;
  verdict?(verdict: number, conditions: number): void;
}

let listener: Listener | undefined;

/** Sets the listener from now on. */
export function listen(other: Listener | undefined): void {
  listener = other;
}

/** Does a listener want to see more than the decision needs? */
export function isListening(): boolean {
  return listener !== undefined;
}

export function kind(kind: Structure<typeof KIND>, target: number, loader: Uint8Array): void {
  listener?.kind?.(kind, target, loader);
}

export function rule(rank: number): void {
  listener?.rule?.(rank);
}

export function leadsTo(real: Uint8Array): void {
  listener?.leadsTo?.(real);
}

export function picked(id: Uint8Array): void {
  listener?.picked?.(id);
}

export function override(taken: boolean): void {
  listener?.override?.(taken);
}

export function candidate(candidate: Candidate): void {
  listener?.candidate?.(candidate);
}

export function group(): void {
  listener?.group?.();
}

export function path(path: Uint8Array | undefined, exists: boolean): void {
  listener?.path?.(path, exists);
}

export function verdict(verdict: number, conditions: number): void {
  listener?.verdict?.(verdict, conditions);
}
