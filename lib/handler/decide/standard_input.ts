/**
 * Chooses muvm's standard input. muvm waits for it with epoll, which refuses files, directories and
 * /dev/null, and reads it even if the program does not (run_io_host() in tty.rs).
 */
import { decimal, join, NONE, same } from "../bytes.ts";
import { O_ACCMODE, O_RDONLY, PATH_MAX } from "../linux.ts";
import * as linux from "../linux.ts";
import { copy, part, utf8 } from "../outside.ts";
import * as file from "../system/file.ts";
import { isInBackground, isTerminal } from "../system/terminals.ts";
import { inGuest } from "./muvm.ts";

export const INPUT = {
  /** The caller's. */
  GIVEN: 0,
  /** A pipe without input that never ends: the terminal stops background processes that read. */
  SILENT: 1,
  /** An empty pipe: the handler in the guest opens the program's file. */
  FILE: 2,
  /** A pipe that a child of the handler fills. */
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

/** Is it /dev/null, or open for reading only with a path that exists in the guest? */
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
 * The word for the guest: an offset followed by a file's absolute path, as in `0/dev/null`; `ready`
 * if there is input already; else `open`.
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
