/**
 * Ignores SIGINT and SIGQUIT while the handler waits for a child that the terminal's keys are for,
 * as system(3) does.
 */
import { ignoreSignal, setAction, SIGACTION_SIZE } from "../linux.ts";
import { SIGINT, SIGPIPE, SIGQUIT } from "./signals.ts";

const sigint = new Uint8Array(SIGACTION_SIZE);
const sigquit = new Uint8Array(SIGACTION_SIZE);

export function ignoreKeys(): void {
  ignoreSignal(SIGINT, sigint);
  ignoreSignal(SIGQUIT, sigquit);
}

/** Restores what the caller had set. */
export function restoreKeys(): void {
  setAction(SIGINT, sigint, undefined);
  setAction(SIGQUIT, sigquit, undefined);
}

/** Makes writing to a pipe without a reader fail with EPIPE. Returns 0 or −errno. */
export function ignorePipes(): number {
  return ignoreSignal(SIGPIPE, undefined);
}
