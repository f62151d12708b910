/**
 * The errand `tell`: prints facts that Deno cannot read, since it opens /proc only with all
 * permissions. A fact is three words, its kind, a name and a value, each with a zero byte at its
 * end. lib/explain/handler_facts.ts reads them.
 */
import { FORMAT_VERSION } from "../../routes/format.ts";
import { decimal, indexOf, NONE, u64 } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as linux from "../linux.ts";
import { KVM } from "../decide/muvm.ts";
import { option, part, u16, u32, utf8 } from "../outside.ts";
import * as caches from "./caches.ts";
import { setDefaultSignals } from "./clean.ts";
import { endInTime } from "./clock.ts";
import * as fallback from "./fallback.ts";
import * as file from "./file.ts";
import * as ownDirectories from "./own_directories.ts";
import * as tableFile from "./table_file.ts";
import * as userLayer from "./user_layer.ts";

const STDOUT = 1;
const DIRECTORY = "/proc/sys/fs/binfmt_misc";
const REGISTER = "/proc/sys/fs/binfmt_misc/register";
const zeroByte = new Uint8Array(1);

/** struct linux_dirent64, from linux/dirent.h. */
const DIRENT = { d_reclen: 16, d_name: 19 } as const;
/** struct statfs, from asm-generic/statfs.h. */
const STATFS = { f_blocks: 16, f_bavail: 32, f_files: 40, f_ffree: 48, f_flags: 80 } as const;
const ST_NOEXEC = 8;

const entries = new Uint8Array(4096);
/** An entry: the kernel accepts at most 1920 bytes, and shows at most a page. */
const content = new Uint8Array(4096);
const status = new Uint8Array(120);

/** `handler tell PATH…`: tells of the kernel, the caller's route table, and the paths. */
export function tell(): never {
  setDefaultSignals();
  endInTime();
  word("AT_PAGESZ", NONE, decimal(caller.pageSize));
  word("format", NONE, decimal(FORMAT_VERSION));
  word("euid", NONE, decimal(caller.euid));
  word("kvm", NONE, decimal(-linux.access(utf8(KVM), linux.R_OK | linux.W_OK)));
  word("no_new_privs", NONE, decimal(linux.hasNoNewPrivileges() ? 1 : 0));
  tellOfFallbacks();
  word("register", NONE, decimal(-linux.access(utf8(REGISTER), linux.W_OK)));
  tellOfEntries();
  tellOfTable();
  for (let i = 0; i < caller.nArguments; i++) tellOfPath(caller.argument(i));
  linux.exit(0);
}

function word(kind: string, name: Uint8Array, value: Uint8Array): void {
  send(utf8(kind));
  send(name);
  send(value);
}

function send(bytes: Uint8Array): void {
  if (linux.writeAll(STDOUT, bytes) < 0 || linux.writeAll(STDOUT, zeroByte) < 0) linux.exit(1);
}

/** Did the call succeed? A failure other than absence ends the errand: a fact would be missing. */
function isThere(answer: number): boolean {
  if (answer < 0 && !linux.isAbsence(answer)) linux.exit(1);
  return answer >= 0;
}

function tellOfFallbacks(): void {
  const length = option("fallbacks").length;
  let index = 0;
  while (index < length) {
    index = fallback.read(index);
    word("fallback", fallback.name, NONE);
  }
}

/**
 * Tells of each file of binfmt_misc, in the order in which the kernel tries the entries: newest
 * first, as its directory lists them. load_misc_binary() and bm_register_write() in
 * fs/binfmt_misc.c, dcache_readdir() in fs/libfs.c.
 */
function tellOfEntries(): void {
  const flags = linux.O_RDONLY | linux.O_DIRECTORY | linux.O_CLOEXEC;
  const directory = linux.open(utf8(DIRECTORY), flags);
  if (!isThere(directory)) return;
  let length = linux.readDirectory(directory, entries);
  while (length > 0) {
    let entry = 0;
    while (entry < length) {
      const rest = part(entries, entry + DIRENT.d_name, length);
      tellOfEntry(directory, part(rest, 0, indexOf(rest, 0)));
      entry += u16(entries, entry + DIRENT.d_reclen);
    }
    length = linux.readDirectory(directory, entries);
  }
  isThere(length);
  linux.close(directory);
}

function tellOfEntry(directory: number, name: Uint8Array): void {
  const flags = linux.O_RDONLY | linux.O_NONBLOCK | linux.O_CLOEXEC;
  const descriptor = linux.openIn(directory, name, flags, 0);
  if (!isThere(descriptor)) return;
  const length = linux.pread(descriptor, content, 0);
  // Skips “.” and “..” (EISDIR) and the file “register” (EINVAL).
  if (length !== linux.EISDIR && length !== linux.EINVAL && isThere(length)) {
    word("binfmt_misc", name, part(content, 0, length));
    // An entry's mtime is the time of its registration.
    if (file.lookAt(descriptor) || isThere(file.error)) {
      word("since", name, decimal(u64(file.mtime, 0)));
    }
  }
  linux.close(descriptor);
}

/** The caller's valid table, else the directories that could hold one. */
function tellOfTable(): void {
  caches.forget();
  tableFile.forget();
  userLayer.find();
  if (caches.lookUp()) {
    word("table", caches.path, NONE);
    return;
  }
  if (!userLayer.isOwn && caller.euid === 0) {
    word("directory", option("tables"), decimal(-usable(option("tables"), utf8("/run"))));
    return;
  }
  ownDirectories.find();
  const isSession = ownDirectories.isSession;
  tellOfOwn(isSession);
  tellOfOwn(!isSession);
}

/** A directory, and the errno of why it cannot hold a table, or 0. */
function tellOfOwn(inRuntime: boolean): void {
  const base = ownDirectories.base;
  const home = ownDirectories.home;
  const cache = ownDirectories.cache;
  if (inRuntime) {
    word(
      "directory",
      ownDirectories.runtime,
      decimal(-usable(ownDirectories.runtime, ownDirectories.user)),
    );
  } else if (base !== undefined && home !== undefined && cache !== undefined) {
    word("directory", cache, decimal(-usableCache(base, home, cache)));
  }
}

function usableCache(base: Uint8Array, home: Uint8Array, cache: Uint8Array): number {
  if (!ownDirectories.isBaseOwn()) return file.error < 0 ? file.error : linux.EPERM;
  const answer = usable(cache, home);
  return answer === linux.ENOENT ? mayWrite(base) : answer;
}

/** May the directory be written to, or if it is absent, its parent? 0 or −errno. */
function usable(directory: Uint8Array, parent: Uint8Array): number {
  const descriptor = caches.openPrivate(directory);
  if (descriptor === linux.ENOENT) return mayWrite(parent);
  if (descriptor < 0) return descriptor;
  linux.close(descriptor);
  return mayWrite(directory);
}

function mayWrite(directory: Uint8Array): number {
  const answer = linux.access(directory, linux.W_OK | linux.X_OK);
  return answer >= 0 && isFull(directory) ? linux.ENOSPC : answer;
}

/** File systems that do not count blocks or files have 0 in all fields. */
function isFull(directory: Uint8Array): boolean {
  if (linux.statfs(directory, status) < 0) return false;
  return u64(status, STATFS.f_blocks) > 0 && u64(status, STATFS.f_bavail) === 0 ||
    u64(status, STATFS.f_files) > 0 && u64(status, STATFS.f_ffree) === 0;
}

/** May the path be executed, is its mount noexec, and does it have capabilities? */
function tellOfPath(path: Uint8Array): void {
  word("access", path, decimal(-linux.access(path, linux.X_OK)));
  if (!isThere(linux.statfs(path, status))) return;
  if ((u32(status, STATFS.f_flags) & ST_NOEXEC) !== 0) word("noexec", path, NONE);
  const descriptor = linux.open(path, linux.O_RDONLY | linux.O_NONBLOCK | linux.O_CLOEXEC);
  if (descriptor < 0) return;
  if (linux.xattrLength(descriptor, utf8("security.capability")) > 0) {
    word("capabilities", path, NONE);
  }
  linux.close(descriptor);
}
