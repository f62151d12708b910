/** Which of the caller's descriptors are terminals, as isatty(3) finds it. */
import { foregroundGroup, getpgrp, terminalSettings, windowSize } from "../linux.ts";
import { u32 } from "../outside.ts";

const STDERR = 2;

/** struct termios */
const settings = new Uint8Array(64);

export function isTerminal(descriptor: number): boolean {
  return terminalSettings(descriptor, settings) === 0;
}

/** Are descriptors 0, 1 and 2 terminals, and is the caller in the foreground? */
export function isAtTerminal(): boolean {
  return isTerminal(0) && isTerminal(1) && isTerminal(STDERR) && !isInBackground(0);
}

/** Has the terminal's size been set? */
export function hasSize(terminal: number): boolean {
  return windowSize(terminal, settings) === 0 && u32(settings, 0) !== 0;
}

/** The foreground process group of the controlling terminal; below 0 for any other. */
export function foregroundOf(descriptor: number): number {
  const error = foregroundGroup(descriptor, settings);
  return error < 0 ? error : u32(settings, 0);
}

/**
 * Would the terminal stop the caller for reading it or changing its settings? Only the controlling
 * terminal does. In a new PID namespace, a foreground group outside of it is 0: not the caller's.
 */
export function isInBackground(terminal: number): boolean {
  const foreground = foregroundOf(terminal);
  return foreground === 0 || (foreground > 0 && foreground !== getpgrp());
}
