/**
 * What muvm is to have for standard input. It waits for that by epoll (tty.rs, run_io_host), which
 * refuses files, folders and /dev/null; and it reads it as long as it lives, also where the program
 * does not.
 */
import { decimal, join, NONE, same } from "../bytes.ts";
import { EBADF, O_ACCMODE, O_RDONLY, PATH_MAX } from "../linux.ts";
import * as linux from "../linux.ts";
import { copy, part, utf8 } from "../outside.ts";
import * as file from "../system/file.ts";
import { isInBackground, isTerminal } from "../system/terminals.ts";
import { inGuest } from "./muvm.ts";

export const INPUT = {
  /** As it is. */
  GIVEN: 0,
  /** Nothing, and no end of it: who reads a terminal in the background is stopped. */
  SILENT: 1,
  /** An empty pipe: the program has none. */
  CLOSED: 2,
  /** An empty pipe: the program's is opened in the guest. */
  FILE: 3,
  /** A pipe that a child of ours fills. */
  FED: 4,
} as const;

const STDIN = 0;

const path = new Uint8Array(PATH_MAX);
const told = new Uint8Array(2 * PATH_MAX);
const identity = new Uint8Array(file.IDENTITY_SIZE);
let length = 0;

/** What word() found. */
export let kind = 0;

function find(): number {
  if (isTerminal(STDIN)) return isInBackground(STDIN) ? INPUT.SILENT : INPUT.GIVEN;
  const error = linux.canBeAwaited(STDIN);
  if (error >= 0) return INPUT.GIVEN;
  if (error === EBADF) return INPUT.CLOSED;
  return isInGuest() ? INPUT.FILE : INPUT.FED;
}

/** Is it a file of which the guest has the path, to be read alone? */
function isInGuest(): boolean {
  if ((linux.statusFlags(STDIN) & O_ACCMODE) !== O_RDONLY || !file.lookAt(STDIN)) return false;
  const isShared = (file.mode & file.S_IFMT) === file.S_IFREG ||
    (file.mode & file.S_IFMT) === file.S_IFDIR;
  copy(identity, 0, file.identity);
  length = file.pathOf(STDIN, path);
  if (length <= 0) return false;
  const name = part(path, 0, length);
  if (!isShared && !same(name, utf8("/dev/null"))) return false;
  return file.look(name) && same(identity, file.identity);
}

/**
 * For the guest: `closed`, an offset and, right behind it, an absolute path, or that something
 * comes: `open`, and `ready` where it is there to be read.
 */
export function word(): Uint8Array {
  kind = find();
  switch (kind) {
    case INPUT.CLOSED:
      return utf8("closed");
    case INPUT.FILE: {
      const offset = linux.offsetOf(STDIN);
      const name = inGuest(part(path, 0, length));
      return join(told, decimal(offset < 0 ? 0 : offset), name ?? NONE) ?? NONE;
    }
  }
  const isReady = kind === INPUT.FED || (kind === INPUT.GIVEN && linux.isReadable(STDIN));
  return utf8(isReady ? "ready" : "open");
}
