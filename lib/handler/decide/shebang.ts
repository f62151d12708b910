/** Reads a script's first line as load_script() in fs/binfmt_script.c does. */
import { indexOf, NONE, startsWith } from "../bytes.ts";
import { BINPRM_BUF_SIZE } from "../linux.ts";
import { at, part, utf8 } from "../outside.ts";

const SPACE = 0x20;
const TAB = 0x09;
const NEWLINE = 0x0a;

export function isScript(head: Uint8Array): boolean {
  return startsWith(head, utf8("#!"));
}

/** The interpreter that a script names; empty if the kernel would find none. */
export function scriptInterpreter(head: Uint8Array): Uint8Array {
  const whole = beginning(head);
  const start = skipBlanks(whole, 2);
  const end = endOfName(whole, start);
  return end === BINPRM_BUF_SIZE ? NONE : part(whole, start, end);
}

/** The rest of the line, as one argument; empty if there is none. */
export function scriptArgument(head: Uint8Array): Uint8Array {
  const whole = beginning(head);
  const start = skipBlanks(whole, endOfName(whole, skipBlanks(whole, 2)));
  const rest = part(whole, start, whole.length);
  const line = part(rest, 0, indexOf(rest, NEWLINE));
  let end = indexOf(line, 0);
  while (end > 0 && isBlank(at(line, end - 1))) end--;
  return part(line, 0, end);
}

function beginning(head: Uint8Array): Uint8Array {
  return part(head, 0, head.length < BINPRM_BUF_SIZE ? head.length : BINPRM_BUF_SIZE);
}

function skipBlanks(head: Uint8Array, from: number): number {
  let i = from;
  while (i < head.length && isBlank(at(head, i))) i++;
  return i;
}

function endOfName(head: Uint8Array, from: number): number {
  let i = from;
  while (i < head.length && !endsName(at(head, i))) i++;
  return i;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

function endsName(byte: number): boolean {
  return isBlank(byte) || byte === 0 || byte === NEWLINE;
}
