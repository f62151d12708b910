/** Gives muvm a standard input that epoll accepts; decide/standard_input.ts chooses which. */
import { INPUT, kind } from "../decide/standard_input.ts";
import * as linux from "../linux.ts";
import { part, u32 } from "../outside.ts";

const STDIN = 0;

const ends = new Uint8Array(8);
const buffer = new Uint8Array(65536);

export function giveInput(): void {
  if (kind === INPUT.GIVEN || linux.pipe(ends) < 0) return;
  const reader = u32(ends, 0);
  const writer = u32(ends, 4);
  if (kind === INPUT.FED && linux.fork() === 0) feed(writer);
  // muvm holds the end to write, so the pipe never ends.
  if (kind === INPUT.SILENT) linux.duplicate(writer, 3);
  linux.close(writer);
  linux.dup3(reader, STDIN);
}

/** The child: copies standard input to the pipe until one of them ends. */
function feed(writer: number): never {
  const target = linux.duplicate(writer, 3);
  linux.closeAllBut(target, 1);
  let length = linux.read(STDIN, buffer);
  while (length > 0) {
    if (linux.writeAll(target, part(buffer, 0, length)) < 0) linux.exit(0);
    length = linux.read(STDIN, buffer);
  }
  linux.exit(0);
}
