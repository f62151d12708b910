/**
 * The terminal's keys are the resolver's while it asks, as those of system(3) are its command's:
 * who only waits ignores them, and what its caller set holds again afterwards.
 */
import { ignoreSignal, setAction, SIGACTION_SIZE } from "../linux.ts";
import { SIGINT, SIGPIPE, SIGQUIT } from "./signals.ts";

const sigint = new Uint8Array(SIGACTION_SIZE);
const sigquit = new Uint8Array(SIGACTION_SIZE);

export function ignoreKeys(): void {
  ignoreSignal(SIGINT, sigint);
  ignoreSignal(SIGQUIT, sigquit);
}

export function restoreKeys(): void {
  setAction(SIGINT, sigint, undefined);
  setAction(SIGQUIT, sigquit, undefined);
}

/** Writing to what nobody reads gives EPIPE; gives −errno where it ends the writer as before. */
export function ignorePipes(): number {
  return ignoreSignal(SIGPIPE, undefined);
}
