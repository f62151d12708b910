/** The program to be started: its descriptor, first bytes and canonical path. */
import { HEAD_LIMIT } from "../../elf/header.ts";
import { endsWith, first, NONE, SLASH } from "../bytes.ts";
import * as caller from "../caller.ts";
import { wordsOf } from "../error_words.ts";
import {
  access,
  BINPRM_BUF_SIZE,
  close as closeDescriptor,
  EACCES,
  ENOENT,
  exit,
  isAbsence,
  isUnknownCall,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  open as openFile,
  PATH_MAX,
  pread,
  R_OK,
  xattrLength,
} from "../linux.ts";
import { cannotRun, end, fail, say, sayNext } from "../message.ts";
import { part, utf8 } from "../outside.ts";
import * as file from "../system/file.ts";
import { workingDirectory } from "./working_directory.ts";

const S_ISUID = 0o4000;
const S_ISGID = 0o2000;

/** The end of a probe, after BINPRM_BUF_SIZE bytes. */
export const PROBE_END = "\nexit 126 # probe of binfmt-dispatcher\n";

const buffer = new Uint8Array(HEAD_LIMIT);
const window = new Uint8Array(PATH_MAX);
const target = new Uint8Array(PATH_MAX);

export let descriptor = 0;
/** The program's first bytes. */
export let head: Uint8Array = NONE;
/** The program's path with all links resolved. */
export let canonical: Uint8Array = NONE;

/** Opens the program, unless the kernel has, and reads its first bytes. */
export function open(): void {
  if (caller.execfd === caller.NO_DESCRIPTOR) descriptor = openByPath();
  else {
    descriptor = caller.execfd;
    // The kernel opens a program for the handler even if the caller may not read it. The
    // interpreter has only the path.
    if (access(caller.program, R_OK) === EACCES) refuseUnreadable();
  }
  if (caller.isSecure) refusePrivileged();
  const length = pread(descriptor, buffer, 0);
  if (length < 0) fail(126, wordsOf(length));
  head = part(buffer, 0, length);
  canonical = findCanonical();
}

/**
 * Ends the handler with 0 if the program is a probe: 256 bytes with an entry's magic, then
 * PROBE_END. packaging/registrar and doctor check so that an entry works. It needs no table.
 */
export function answerProbe(): void {
  const words = utf8(PROBE_END);
  if (head.length === BINPRM_BUF_SIZE + words.length && endsWith(head, words)) exit(0);
}

/**
 * Closes the program's descriptor, since the kernel does not mark it close-on-exec
 * (begin_new_exec() in fs/exec.c). /dev/null takes the place of descriptors 0 to 2, so that no file
 * opened later does.
 */
export function close(): void {
  closeDescriptor(descriptor);
  if (descriptor <= 2) openFile(utf8("/dev/null"), O_RDWR);
}

/** `size` bytes of the program at an offset; undefined if it ends before. */
export function bytes(offset: number, size: number): Uint8Array | undefined {
  if (offset + size <= head.length) return part(head, offset, offset + size);
  if (size > window.length) return undefined;
  const into = part(window, 0, size);
  const length = pread(descriptor, into, offset);
  if (length < 0) fail(126, wordsOf(length));
  return length === size ? into : undefined;
}

function openByPath(): number {
  const opened = openFile(caller.program, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (opened === EACCES) refuseUnreadable();
  // In a deleted working directory no relative path exists.
  if (opened === ENOENT && first(caller.program) !== SLASH && workingDirectory().length === 0) {
    fail(126, "its working directory was deleted");
  }
  if (opened < 0) fail(126, wordsOf(opened));
  return opened;
}

/** Without /proc, or if the path is too long, it is the path that the caller gave. */
function findCanonical(): Uint8Array {
  const length = file.pathOf(descriptor, target);
  if (length >= 0) return part(target, 0, length);
  if (!isAbsence(length) && !isUnknownCall(length)) fail(126, wordsOf(length));
  return caller.program;
}

function refuseUnreadable(): never {
  fail(126, "it is executable but not readable, and its interpreter must read it");
}

/**
 * Refuses a program that gives its caller privileges, if it was started with them (flag C): the
 * interpreter would open it by its path, which the caller can change, and obey the caller's
 * variables. https://docs.kernel.org/admin-guide/binfmt-misc.html
 */
function refusePrivileged(): void {
  if (!file.lookAt(descriptor)) fail(126, wordsOf(file.error));
  const gives = (file.mode & (S_ISUID | S_ISGID)) !== 0 ||
    xattrLength(descriptor, utf8("security.capability")) > 0;
  if (!gives) return;
  cannotRun();
  say("it has privileges (setuid, setgid or capabilities)");
  sayNext();
  say("An interpreter cannot hold them safely. Without flag C, it starts without them.");
  end(126);
}
