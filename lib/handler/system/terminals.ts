/** Which of the caller's descriptors are terminals, as isatty(3) finds it. */
import { terminalSettings } from "../linux.ts";

const STDERR = 2;

/** struct termios */
const settings = new Uint8Array(64);

export function isTerminal(descriptor: number): boolean {
  return terminalSettings(descriptor, settings) === 0;
}

/** Are descriptors 0, 1 and 2? */
export function areAllTerminals(): boolean {
  return isTerminal(0) && isTerminal(1) && isTerminal(STDERR);
}

/** Does somebody read what is said on stderr? A program has not asked for it. */
export function isAnybodyReading(): boolean {
  return isTerminal(STDERR);
}
