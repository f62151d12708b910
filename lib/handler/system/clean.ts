/** Removes from a child process what it must not get from the caller. */
import * as linux from "../linux.ts";
import { EBADF, exit, O_RDWR, SIGACTION_SIZE } from "../linux.ts";
import { part, utf8 } from "../outside.ts";
import { LAST_SIGNAL, SIGQUIT } from "./signals.ts";
import { openNull } from "./standard_descriptors.ts";
import { UNKNOWN } from "./waiting.ts";

/** SIG_DFL; its first bytes also serve as an empty set of signals. */
const defaultAction = new Uint8Array(SIGACTION_SIZE);

/**
 * Sets default signals and the umask, descriptor 1 to `out`, 0 and 2 to /dev/null, and closes all
 * others; keeps an open stderr if `keepsStderr`.
 */
export function clean(out: number, keepsStderr: boolean): void {
  setDefaultSignals();
  // The caller may have reached RLIMIT_NOFILE.
  linux.closeAllBut(out, 3);
  // Duplicated above 2 first, since `out` may itself be 0, 1 or 2.
  const output = linux.duplicate(out, 3);
  if (output < 0 && output !== EBADF) exit(UNKNOWN);
  const nothing = openNothing();
  put(nothing, 0);
  put(output < 0 ? nothing : output, 1);
  if (!keepsStderr || !linux.isInherited(2)) put(nothing, 2);
  linux.closeFrom(3);
  linux.umask(0o022);
}

/** Replaces a descriptor; on failure the caller's would stay. */
function put(descriptor: number, at: number): void {
  if (linux.dup3(descriptor, at) < 0) exit(UNKNOWN);
}

export function setDefaultSignals(): void {
  linux.blockSignals(part(defaultAction, 0, 8));
  // SIGHUP, SIGINT and SIGQUIT stay ignored if the caller ignores them, so that the terminal's keys
  // do not end the resolver.
  for (let signal = SIGQUIT + 1; signal <= LAST_SIGNAL; signal++) {
    linux.setAction(signal, defaultAction, undefined);
  }
}

/** A descriptor of /dev/null above 2. */
function openNothing(): number {
  const lowest = openNull();
  if (lowest < 0) exit(UNKNOWN);
  const nothing = linux.duplicate(lowest, 3);
  if (nothing < 0) exit(UNKNOWN);
  return nothing;
}

/** Replaces descriptors 0 to 2 with the controlling terminal, if there is one. */
export function takeTerminal(): void {
  const terminal = linux.open(utf8("/dev/tty"), O_RDWR);
  if (terminal < 0) return;
  for (let descriptor = 0; descriptor <= 2; descriptor++) linux.dup3(terminal, descriptor);
  linux.close(terminal);
}
