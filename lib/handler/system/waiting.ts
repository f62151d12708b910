/** Waits for a child's end and returns its exit status. */
import { awaitReadable, checkEnd, kill, openProcess, wait } from "../linux.ts";
import { u32 } from "../outside.ts";
import { pause } from "./clock.ts";
import { SIGKILL } from "./signals.ts";

/** The exit status of a resolver that failed itself. */
export const UNKNOWN = 125;

const status = new Uint8Array(8);

export function waitForEnd(child: number): number {
  return exitStatus(wait(child, status));
}

/** The same; kills the child after so many seconds. */
export function waitAtMost(child: number, seconds: number): number {
  const end = openProcess(child);
  const error = end < 0 ? end : awaitReadable(end, seconds);
  // Without pidfds (before Linux 5.3), look once a millisecond.
  for (let looks = error < 0 ? seconds * 1000 : 1; looks > 0; looks--) {
    const ended = checkEnd(child, status);
    if (ended !== 0) return exitStatus(ended);
    pause();
  }
  kill(child, SIGKILL);
  return waitForEnd(child);
}

/** UNKNOWN if a signal ended it. */
function exitStatus(ended: number): number {
  const word = u32(status, 0);
  return ended < 0 || (word & 0x7f) !== 0 ? UNKNOWN : word >>> 8 & 0xff;
}
