/**
 * Chooses muvm's standard input. muvm waits for it with epoll (tty.rs, run_io_host), which refuses
 * files, directories and /dev/null; and muvm reads it as long as it lives, even if the program does
 * not.
 */
import { decimal, join, NONE, same } from "../bytes.ts";
import { O_ACCMODE, O_RDONLY, PATH_MAX } from "../linux.ts";
import * as linux from "../linux.ts";
import { copy, part, utf8 } from "../outside.ts";
import * as file from "../system/file.ts";
import { isInBackground, isTerminal } from "../system/terminals.ts";
import { inGuest } from "./muvm.ts";

export const INPUT = {
  /** As it is. */
  GIVEN: 0,
  /** No input and no end of it: a background process that reads the terminal is stopped. */
  SILENT: 1,
  /** An empty pipe: the program's is opened in the guest. */
  FILE: 2,
  /** A pipe that a child process of the handler fills. */
  FED: 3,
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
  if (linux.canBeAwaited(STDIN) >= 0) return INPUT.GIVEN;
  return isInGuest() ? INPUT.FILE : INPUT.FED;
}

/** Is it a read-only file whose path exists in the guest, or /dev/null? */
function isInGuest(): boolean {
  length = file.pathOf(STDIN, path);
  if (length <= 0 || !file.lookAt(STDIN)) return false;
  const name = part(path, 0, length);
  if (same(name, utf8("/dev/null"))) return true;
  const isShared = (file.mode & file.S_IFMT) === file.S_IFREG ||
    (file.mode & file.S_IFMT) === file.S_IFDIR;
  if (!isShared || (linux.statusFlags(STDIN) & O_ACCMODE) !== O_RDONLY) return false;
  copy(identity, 0, file.identity);
  return file.look(name) && same(identity, file.identity);
}

/**
 * For the guest: an offset and, right behind it, a file's absolute path; else `open`, and `ready`
 * where something is there to be read.
 */
export function word(): Uint8Array {
  kind = find();
  if (kind === INPUT.FILE) {
    const offset = linux.offsetOf(STDIN);
    const name = inGuest(part(path, 0, length));
    return join(told, decimal(offset < 0 ? 0 : offset), name ?? NONE) ?? NONE;
  }
  const isReady = kind === INPUT.FED || (kind === INPUT.GIVEN && linux.isReadable(STDIN));
  return utf8(isReady ? "ready" : "open");
}
