/** What the kernel says of a file. */
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
/** Permission bits of group and others to write. */
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

/** Fields of struct stat that stand in the same place on both machines. */
const STAT = { dev: 0, ino: 8, size: 48, mtime: 88, ctime: 104 } as const;

/** struct statx or struct stat. */
const buffer = new Uint8Array(256);
const link = new Uint8Array(64);

/** Why the file cannot be accessed: 0, or −errno. The rest is that of the last one that could. */
export let error = 0;
export let mode = 0;
export let uid = 0;
/** Bytes. */
export let size = 0;
/** Seconds since 1970 in eight bytes, nanoseconds in four. */
export const mtime = new Uint8Array(12);
export const ctime = new Uint8Array(12);
/** Bytes of a SOURCE from its device on. */
export const IDENTITY_SIZE = SOURCE.end - SOURCE.dev_major;
/** As a table has it. */
export const identity = new Uint8Array(IDENTITY_SIZE);

/** Looks at the file of this name, following links. Is it there? */
export function look(path: Uint8Array): boolean {
  const answer = statx(path, buffer);
  return isUnknownCall(answer) ? keepStat(stat(path, buffer)) : keepStatx(answer);
}

/** The same where an interpreter is decided by it. */
export function isThere(path: Uint8Array): boolean {
  if (look(path)) return true;
  expectAbsence(path, error);
  return false;
}

/**
 * What cannot be told of a file, for want of memory or descriptors or by a disk that fails, ends
 * the start: to take the file for absent would run another interpreter.
 */
export function expectAbsence(path: Uint8Array, error: number): void {
  if (!isAbsence(error)) fail(126, path, " cannot be accessed: ", wordsOf(error));
}

/**
 * Is what was looked at the effective user's, and can nobody else write it? The group's bits are an
 * access list's mask where there is one, which may name anybody: acl(5).
 */
export function isPrivate(): boolean {
  return uid === euid && (mode & WRITABLE_BY_OTHERS) === 0;
}

/** Looks at an open file. */
export function lookAt(descriptor: number): boolean {
  const answer = statxOf(descriptor, buffer);
  return isUnknownCall(answer) ? keepStat(statOf(descriptor, buffer)) : keepStatx(answer);
}

/** Puts in an open file's path with all links resolved; gives its length, or −errno. */
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

/** The same where statx is not known: seccomp filters from before 4.11. */
function keepStat(answer: number): boolean {
  error = answer;
  if (answer < 0) return false;
  // arch/x86/include/uapi/asm/stat.h and include/uapi/asm-generic/stat.h.
  mode = u32(buffer, perMachine(24, 16));
  uid = u32(buffer, perMachine(28, 24));
  // Major and minor number as statx has them: the same file is known by either.
  // include/linux/kdev_t.h, new_decode_dev().
  const dev = u32(buffer, STAT.dev);
  keepDevice(dev >>> 8 & 0xfff, dev & 0xff | dev >>> 12 & 0xfff00);
  keepRest(STAT.ino, STAT.size, STAT.mtime, STAT.ctime);
  return true;
}

function keepDevice(major: number, minor: number): void {
  store(identity, 0, 4, major);
  store(identity, SOURCE.dev_minor - SOURCE.dev_major, 4, minor);
}

/** Keeps what stands at these indices of the buffer. */
function keepRest(inoAt: number, sizeAt: number, mtimeAt: number, ctimeAt: number): void {
  size = u64(buffer, sizeAt);
  copy(mtime, 0, part(buffer, mtimeAt, mtimeAt + mtime.length));
  copy(ctime, 0, part(buffer, ctimeAt, ctimeAt + ctime.length));
  copy(identity, SOURCE.ino - SOURCE.dev_major, part(buffer, inoAt, inoAt + 8));
  copy(identity, SOURCE.size - SOURCE.dev_major, part(buffer, sizeAt, sizeAt + 8));
  copy(identity, SOURCE.mtime - SOURCE.dev_major, mtime);
  copy(identity, SOURCE.ctime - SOURCE.dev_major, ctime);
}
