/** Leaves a child process nothing of the caller's but what it is meant to have. */
import * as linux from "../linux.ts";
import { EBADF, exit, O_RDWR, SIGACTION_SIZE } from "../linux.ts";
import { part, utf8 } from "../outside.ts";
import { LAST_SIGNAL, SIGQUIT } from "./signals.ts";
import { openNull } from "./standard_descriptors.ts";
import { UNKNOWN } from "./waiting.ts";

/** Also an empty set of signals. */
const defaultAction = new Uint8Array(SIGACTION_SIZE);

/**
 * Default signals, `out` for descriptor 1, /dev/null for the others unless it may speak on stderr,
 * and no more descriptors.
 */
export function clean(out: number, speaks: boolean): void {
  setDefaultSignals();
  // The caller may have used up all that it is allowed to open.
  linux.closeAllBut(out, 3);
  // Above 2 first: what is to be 1 may itself be 0, 1 or 2.
  const output = linux.duplicate(out, 3);
  if (output < 0 && output !== EBADF) exit(UNKNOWN);
  const nothing = openNothing();
  put(nothing, 0);
  put(output < 0 ? nothing : output, 1);
  if (!speaks || !linux.isInherited(2)) put(nothing, 2);
  linux.closeFrom(3);
  linux.umask(0o022);
}

/** What else is there is the caller's. */
function put(descriptor: number, at: number): void {
  if (linux.dup3(descriptor, at) < 0) exit(UNKNOWN);
}

export function setDefaultSignals(): void {
  linux.blockSignals(part(defaultAction, 0, 8));
  // A start that ignores the terminal's keys needs its table all the same: SIGHUP, SIGINT and
  // SIGQUIT stay as they are, and they can only be ignored or default after an execve.
  for (let signal = SIGQUIT + 1; signal <= LAST_SIGNAL; signal++) {
    linux.setAction(signal, defaultAction, undefined);
  }
}

/** /dev/null above 2. */
function openNothing(): number {
  const lowest = openNull();
  if (lowest < 0) exit(UNKNOWN);
  const nothing = linux.duplicate(lowest, 3);
  if (nothing < 0) exit(UNKNOWN);
  return nothing;
}

/** Puts the controlling terminal, if there is one, in the place of descriptors 0, 1 and 2. */
export function takeTerminal(): void {
  const terminal = linux.open(utf8("/dev/tty"), O_RDWR);
  if (terminal < 0) return;
  for (let descriptor = 0; descriptor <= 2; descriptor++) linux.dup3(terminal, descriptor);
  linux.close(terminal);
}
