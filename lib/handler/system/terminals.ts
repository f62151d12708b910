/** Which of the caller's descriptors are terminals, as isatty(3) finds it. */
import { foregroundGroup, getpgrp, terminalSettings, windowSize } from "../linux.ts";
import { u32 } from "../outside.ts";

const STDERR = 2;

/** struct termios */
const settings = new Uint8Array(64);

export function isTerminal(descriptor: number): boolean {
  return terminalSettings(descriptor, settings) === 0;
}

/** Are descriptors 0, 1 and 2, for a start that may use them? */
export function isAtTerminal(): boolean {
  return isTerminal(0) && isTerminal(1) && isTerminal(STDERR) && !isInBackground(0);
}

/** Has a terminal been told how large it is? */
export function hasSize(terminal: number): boolean {
  return windowSize(terminal, settings) === 0 && u32(settings, 0) !== 0;
}

/** The foreground process group of a terminal; below 0 for any but our controlling one. */
export function foregroundOf(descriptor: number): number {
  const error = foregroundGroup(descriptor, settings);
  return error < 0 ? error : u32(settings, 0);
}

/**
 * Would the terminal stop us where we read it or change its settings? Only our controlling terminal
 * stops anybody. A new PID namespace tells 0 of all groups outside of it, also in the background.
 */
export function isInBackground(terminal: number): boolean {
  const foreground = foregroundOf(terminal);
  return foreground === 0 || (foreground > 0 && foreground !== getpgrp());
}

/** Does somebody read what is said on stderr? A program has not asked for it. */
export function isAnybodyReading(): boolean {
  return isTerminal(STDERR);
}
