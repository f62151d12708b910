import { EAGAIN, tryLock } from "../linux.ts";
import { pause } from "./clock.ts";

/**
 * Waits for a directory's lock, for at most `patience` milliseconds. Closing the descriptor
 * releases it. Any reader of the directory can take the lock and hold it for ever, so going on
 * without it must be harmless.
 */
export function waitForLock(directory: number, patience: number): void {
  for (let turns = 0; turns < patience; turns++) {
    // Not every file system has locks.
    if (tryLock(directory) !== EAGAIN) return;
    pause();
  }
}
