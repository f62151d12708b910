/** Waiting for a child's end; what comes of it is its exit status. */
import { checkEnd, kill, wait } from "../linux.ts";
import { u32 } from "../outside.ts";
import { pause } from "./clock.ts";
import { SIGKILL } from "./signals.ts";

/** An exit status that the resolver has only where it failed itself. */
export const UNKNOWN = 125;

const status = new Uint8Array(8);

export function waitForEnd(child: number): number {
  return exitStatus(wait(child, status));
}

/** Ends it after so many milliseconds. */
export function waitAtMost(child: number, patience: number): number {
  for (let turns = 0; turns < patience; turns++) {
    const ended = checkEnd(child, status);
    if (ended !== 0) return exitStatus(ended);
    pause();
  }
  kill(child, SIGKILL);
  return waitForEnd(child);
}

/** UNKNOWN where a signal was its end. */
function exitStatus(ended: number): number {
  const word = u32(status, 0);
  return ended < 0 || (word & 0x7f) !== 0 ? UNKNOWN : word >>> 8 & 0xff;
}
