import { EAGAIN, tryLock } from "../linux.ts";
import { pause } from "./clock.ts";

/**
 * Waits for a directory's lock, for at most so many milliseconds. Closing the descriptor releases
 * it. Any reader of the directory can hold the lock for ever, so going on without it must be
 * harmless.
 */
export function waitForLock(directory: number, milliseconds: number): void {
  for (let turns = 0; turns < milliseconds; turns++) {
    // Another error than EAGAIN: the file system has no locks.
    if (tryLock(directory) !== EAGAIN) return;
    pause();
  }
}
