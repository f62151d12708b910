/** Room for the strings, argv and envp of what is executed. */
import { part, put } from "../outside.ts";
import { push, tooLong } from "../pointers.ts";

/**
 * The kernel's limit for arguments, environment and their addresses: three quarters of _STK_LIM, 8
 * MiB (bprm_stack_limits() in fs/exec.c). Only pages that are touched cost memory.
 */
const ROOM = 6 * 1024 * 1024;
export const strings = new Uint8Array(ROOM);
/** Addresses of strings. */
export const argv = new Uint8Array(ROOM);
export const envp = new Uint8Array(ROOM);

/** The index of the next string. */
export let endOfStrings = 0;

export function forget(): void {
  endOfStrings = 0;
}

/** Ends the current string at `end` and returns it. */
export function finishString(end: number): Uint8Array {
  if (end >= strings.length) tooLong();
  put(strings, end, 0);
  const string = part(strings, endOfStrings, end);
  endOfStrings = end + 1;
  return string;
}

/** Ends the current string at `end` and stores its address. */
export function pushString(into: Uint8Array, index: number, end: number): number {
  return push(into, index, finishString(end));
}
