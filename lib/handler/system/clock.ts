/** The time of day, sleeping, and alarms. */
import { store, u64 } from "../bytes.ts";
import { clockTime, nanosleep, setAlarm } from "../linux.ts";
import { u32 } from "../outside.ts";

const SECOND = 1_000_000_000;
const DAY = 86_400;

/** struct timespec */
const taken = new Uint8Array(16);
const now = new Uint8Array(16);
const millisecond = new Uint8Array(16);
/** struct itimerval: an interval and a value, each of eight-byte seconds and microseconds. */
const alarm = new Uint8Array(32);

/** Reads the clock for since(). */
export function take(): void {
  clockTime(taken);
}

/** Nanoseconds from a file's time to the last take(), at most a day; below 0 if it is later. */
export function since(time: Uint8Array): number {
  const seconds = u64(taken, 0) - u64(time, 0);
  if (seconds > DAY) return DAY * SECOND;
  if (seconds < -DAY) return -DAY * SECOND;
  return seconds * SECOND + u32(taken, 8) - u32(time, 8);
}

/** Is a file's time ahead of the clock? */
export function isAhead(time: Uint8Array): boolean {
  clockTime(now);
  const seconds = u64(time, 0) - u64(now, 0);
  return seconds > 0 || (seconds === 0 && u32(time, 8) > u32(now, 8));
}

/** SIGALRM ends this process, or what it becomes, after ten seconds. */
export function endInTime(): void {
  store(alarm, 16, 8, 10);
  setAlarm(alarm);
}

/** Sleeps for a millisecond. */
export function pause(): void {
  store(millisecond, 8, 8, 1_000_000);
  nanosleep(millisecond);
}
