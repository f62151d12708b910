/** Room for the strings, argv and envp of what is executed. */
import { part, put } from "../outside.ts";
import { push, tooLong } from "../pointers.ts";

/**
 * As much as the kernel takes for arguments, environment and their addresses together: three
 * quarters of the 8 MiB default stack (fs/exec.c, bprm_stack_limits). Only pages that are touched
 * cost memory.
 */
const ROOM = 6 * 1024 * 1024;
export const strings = new Uint8Array(ROOM);
/** Addresses of strings. */
export const argv = new Uint8Array(ROOM);
export const envp = new Uint8Array(ROOM);

/** Where the next string begins. */
export let endOfStrings = 0;

export function forget(): void {
  endOfStrings = 0;
}

/** Ends the string that goes on up to `end`, and gives it. */
export function finishString(end: number): Uint8Array {
  if (end >= strings.length) tooLong();
  put(strings, end, 0);
  const string = part(strings, endOfStrings, end);
  endOfStrings = end + 1;
  return string;
}

/** Ends it, and stores its address. */
export function pushString(into: Uint8Array, index: number, end: number): number {
  return push(into, index, finishString(end));
}
