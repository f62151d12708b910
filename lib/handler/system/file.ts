/** What statx(2) says of a file; stat(2) if statx is unknown. */
import { SOURCE } from "../../routes/format.ts";
import { decimal, join, NONE, store, u64 } from "../bytes.ts";
import { euid } from "../caller.ts";
import { wordsOf } from "../error_words.ts";
import { isAbsence, isUnknownCall, readlink, stat, statOf, statx, statxOf } from "../linux.ts";
import { fail } from "../message.ts";
import { copy, part, perMachine, u16, u32, utf8 } from "../outside.ts";

/** File types in st_mode. */
export const S_IFMT = 0o170000;
export const S_IFREG = 0o100000;
export const S_IFDIR = 0o040000;
/** Write permission of group and others. */
export const WRITABLE_BY_OTHERS = 0o022;

/** struct statx, linux/stat.h. */
export const STATX = {
  uid: 20,
  mode: 28,
  ino: 32,
  size: 40,
  ctime: 96,
  mtime: 112,
  dev_major: 136,
  dev_minor: 140,
} as const;

/** Fields of struct stat with the same offset on both machines. */
const STAT = { dev: 0, ino: 8, size: 48, mtime: 88, ctime: 104 } as const;

/** struct statx or struct stat. */
const buffer = new Uint8Array(256);
const link = new Uint8Array(64);

/** 0 or −errno of the last look. An error leaves the variables below unchanged. */
export let error = 0;
export let mode = 0;
export let uid = 0;
/** Bytes. */
export let size = 0;
/** Seconds since 1970 in eight bytes, nanoseconds in four. */
export const mtime = new Uint8Array(12);
export const ctime = new Uint8Array(12);
/** The size of a SOURCE from its device on. */
export const IDENTITY_SIZE = SOURCE.end - SOURCE.dev_major;
/** The file's identity in a table's format. */
export const identity = new Uint8Array(IDENTITY_SIZE);

/** Looks at the file at a path, following links. Can it be accessed? */
export function look(path: Uint8Array): boolean {
  const answer = statx(path, buffer);
  return isUnknownCall(answer) ? keepStat(stat(path, buffer)) : keepStatx(answer);
}

/** Does the file exist? For files that decide which interpreter runs. */
export function isThere(path: Uint8Array): boolean {
  if (look(path)) return true;
  failUnlessAbsent(path, error);
  return false;
}

/**
 * Ends the handler unless the error means that the file is absent. If memory, descriptors or the
 * disk fail, going on could run another interpreter.
 */
export function failUnlessAbsent(path: Uint8Array, error: number): void {
  if (!isAbsence(error)) fail(126, path, " cannot be accessed: ", wordsOf(error));
}

/**
 * Does the effective user own the last file, and can nobody else write it? With an access control
 * list, the group's bits are its mask and can stand for any user: acl(5).
 */
export function isPrivate(): boolean {
  return uid === euid && (mode & WRITABLE_BY_OTHERS) === 0;
}

/** Looks at an open file. */
export function lookAt(descriptor: number): boolean {
  const answer = statxOf(descriptor, buffer);
  return isUnknownCall(answer) ? keepStat(statOf(descriptor, buffer)) : keepStatx(answer);
}

/** Stores an open file's path with all links resolved; returns its length, or −errno. */
export function pathOf(descriptor: number, into: Uint8Array): number {
  return readlink(join(link, utf8("/proc/self/fd/"), decimal(descriptor)) ?? NONE, into);
}

function keepStatx(answer: number): boolean {
  error = answer;
  if (answer < 0) return false;
  mode = u16(buffer, STATX.mode);
  uid = u32(buffer, STATX.uid);
  keepDevice(u32(buffer, STATX.dev_major), u32(buffer, STATX.dev_minor));
  keepRest(STATX.ino, STATX.size, STATX.mtime, STATX.ctime);
  return true;
}

/** The same for a struct stat. Seccomp filters from before Linux 4.11 refuse statx. */
function keepStat(answer: number): boolean {
  error = answer;
  if (answer < 0) return false;
  // arch/x86/include/uapi/asm/stat.h and include/uapi/asm-generic/stat.h.
  mode = u32(buffer, perMachine(24, 16));
  uid = u32(buffer, perMachine(28, 24));
  // Split as by new_decode_dev() in include/linux/kdev_t.h, so that both calls give one identity.
  const dev = u32(buffer, STAT.dev);
  keepDevice(dev >>> 8 & 0xfff, dev & 0xff | dev >>> 12 & 0xfff00);
  keepRest(STAT.ino, STAT.size, STAT.mtime, STAT.ctime);
  return true;
}

function keepDevice(major: number, minor: number): void {
  store(identity, 0, 4, major);
  store(identity, SOURCE.dev_minor - SOURCE.dev_major, 4, minor);
}

/** Keeps the fields at these indices of the buffer. */
function keepRest(inoAt: number, sizeAt: number, mtimeAt: number, ctimeAt: number): void {
  size = u64(buffer, sizeAt);
  copy(mtime, 0, part(buffer, mtimeAt, mtimeAt + mtime.length));
  copy(ctime, 0, part(buffer, ctimeAt, ctimeAt + ctime.length));
  copy(identity, SOURCE.ino - SOURCE.dev_major, part(buffer, inoAt, inoAt + 8));
  copy(identity, SOURCE.size - SOURCE.dev_major, part(buffer, sizeAt, sizeAt + 8));
  copy(identity, SOURCE.mtime - SOURCE.dev_major, mtime);
  copy(identity, SOURCE.ctime - SOURCE.dev_major, ctime);
}
