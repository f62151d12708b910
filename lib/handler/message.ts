/** Messages on stderr, and the end of the handler with one. */
import * as caller from "./caller.ts";
import { isUtf8 } from "./is_utf8.ts";
import { exit, write } from "./linux.ts";
import { part, put, utf8 } from "./outside.ts";

const STDERR = 2;
/** A longer line is cut. The last byte is for the newline. */
const line = new Uint8Array(8192);
let length = 0;
/** The last three bytes that were added, as one number. */
let recent = 0;

/** Adds to the line. */
export function say(...words: (string | Uint8Array)[]): void {
  for (const each of words) add(utf8(each));
}

/** Adds bytes. Control characters are replaced, so that they cannot drive a terminal. */
function add(words: Uint8Array): void {
  const isText = isUtf8(words);
  for (const byte of words) {
    if (length === line.length - 1) return;
    put(line, length, shown(byte, isText));
    length++;
  }
}

function shown(byte: number, isText: boolean): number {
  const QUESTION_MARK = 0x3f;
  recent = (recent << 8 | byte) & 0xffffff;
  if (byte < 0x20 || byte === 0x7f) return QUESTION_MARK;
  // A terminal that does not read UTF-8 obeys C1 controls of one byte.
  if (!isText && byte >= 0x80 && byte <= 0x9f) return QUESTION_MARK;
  // Replacing the last byte makes C1 controls ¿, and line ends and bidi controls … or ⁇.
  const two = recent & 0xffff;
  if (two >= 0xc280 && two <= 0xc29f) return 0xbf;
  if (recent >= 0xe280a8 && recent <= 0xe280ae) return 0xa6;
  if (recent >= 0xe281a6 && recent <= 0xe281a9) return 0x87;
  return byte;
}

/** Begins a new message; drops what was not printed. */
export function cannotRun(): void {
  length = 0;
  say("binfmt-dispatcher: Cannot run “", caller.program, "”: ");
}

/** Begins a second line, which says what to do next. */
export function sayNext(): void {
  print();
  say("  ");
}

/** Writes the line. */
export function print(): void {
  put(line, length, 0x0a);
  write(STDERR, part(line, 0, length + 1));
  length = 0;
}

/** Writes the line and ends the handler. */
export function end(status: number): never {
  print();
  exit(status);
}

/** Says why the program cannot run, and ends the handler. */
export function fail(status: number, ...why: (string | Uint8Array)[]): never {
  cannotRun();
  say(...why);
  end(status);
}

export function refuseDirectStart(): never {
  say("binfmt-dispatcher: This is the handler, which the kernel starts for foreign programs");
  sayNext();
  say("To start one by hand: binfmt-dispatcher run PROGRAM");
  end(2);
}
