/**
 * The terminal's keys are the resolver's while it asks, as those of system(3) are its command's:
 * who only waits ignores them, and what its caller set holds again afterwards.
 */
import { store } from "../bytes.ts";
import { setAction, SIGACTION_SIZE } from "../linux.ts";
import { SIGINT, SIGPIPE, SIGQUIT } from "./signals.ts";

const SIG_IGN = 1;

const ignored = new Uint8Array(SIGACTION_SIZE);
const sigint = new Uint8Array(SIGACTION_SIZE);
const sigquit = new Uint8Array(SIGACTION_SIZE);

export function ignoreKeys(): void {
  store(ignored, 0, 8, SIG_IGN);
  setAction(SIGINT, ignored, sigint);
  setAction(SIGQUIT, ignored, sigquit);
}

export function restoreKeys(): void {
  setAction(SIGINT, sigint, undefined);
  setAction(SIGQUIT, sigquit, undefined);
}

/** Writing to what nobody reads gives EPIPE. */
export function ignorePipes(): void {
  store(ignored, 0, 8, SIG_IGN);
  setAction(SIGPIPE, ignored, undefined);
}
