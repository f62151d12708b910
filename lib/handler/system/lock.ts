import { EAGAIN, tryLock } from "../linux.ts";
import { pause } from "./clock.ts";

/**
 * Waits for a folder's lock, so many milliseconds at most; it goes with the descriptor. Somebody
 * may hold it for ever, as any reader of the folder can take it: going on without it has to do no
 * harm.
 */
export function waitForLock(folder: number, patience: number): void {
  for (let turns = 0; turns < patience; turns++) {
    // Not every file system has locks.
    if (tryLock(folder) !== EAGAIN) return;
    pause();
  }
}
