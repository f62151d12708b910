/**
 * System calls by their kernel names, and nothing else calls them. Each gives the kernel's result;
 * a negative one is −errno. Paths are handed over without a zero byte.
 */
import { NONE } from "./bytes.ts";
import { copy, map as mapFile, part, perMachine, put, stackAddress, syscall } from "./outside.ts";

/**
 * Flags of open(2). Those of directories differ between the machines; see
 * arch/arm64/include/uapi/asm/fcntl.h.
 */
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_ACCMODE = 3;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_NONBLOCK = 0o4000;
export const O_CLOEXEC = 0o2000000;
export const O_PATH = 0o10000000;
export const O_DIRECTORY = perMachine(0o200000, 0o40000);
export const O_NOFOLLOW = perMachine(0o400000, 0o100000);

export const EPERM = -1;
export const ENOENT = -2;
export const EBADF = -9;
export const EAGAIN = -11;
export const EACCES = -13;
const ENOTDIR = -20;
export const EISDIR = -21;
export const EINVAL = -22;
export const ENOSPC = -28;
export const ENAMETOOLONG = -36;
const ENOSYS = -38;
const ELOOP = -40;

/** Room for a path and its zero byte. */
export const PATH_MAX = 4096;
const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const MFD_CLOEXEC = 1;

/** Longer than any path that the kernel takes. */
const name = new Uint8Array(2 * PATH_MAX);
const otherName = new Uint8Array(2 * PATH_MAX);

/** The path with a zero byte behind it, as the kernel wants it. One too long stays too long. */
function terminated(path: Uint8Array, into: Uint8Array): Uint8Array {
  const length = path.length < into.length ? path.length : into.length - 1;
  copy(into, 0, part(path, 0, length));
  put(into, length, 0);
  return part(into, 0, length + 1);
}

/** How kernels and seccomp filters say that they are too old to know a system call. */
export function isUnknownCall(error: number): boolean {
  return error === ENOSYS || error === EPERM;
}

/** Does the path lead to no file that the caller may see? Other errors tell nothing of the file. */
export function isAbsence(error: number): boolean {
  return error === ENOENT || error === ENOTDIR || error === EACCES || error === ELOOP ||
    error === ENAMETOOLONG;
}

export function open(path: Uint8Array, flags: number): number {
  return openIn(AT_FDCWD, path, flags, 0);
}

export function openIn(directory: number, path: Uint8Array, flags: number, mode: number): number {
  return syscall("openat", directory, terminated(path, name), flags, mode);
}

export function close(descriptor: number): void {
  syscall("close", descriptor);
}

/** Closes all descriptors from the first on. */
export function closeFrom(first: number): void {
  closeRange(first, 0xffff_ffff);
}

/** The same but one, if that is among them. */
export function closeAllBut(kept: number, first: number): void {
  if (kept < first) {
    closeFrom(first);
    return;
  }
  if (kept > first) closeRange(first, kept - 1);
  closeFrom(kept + 1);
}

function closeRange(from: number, to: number): void {
  syscall("close_range", from, to, 0);
}

/** Reads as much as there is room for. */
export function read(descriptor: number, into: Uint8Array): number {
  return syscall("read", descriptor, into, into.length);
}

export function pread(descriptor: number, into: Uint8Array, offset: number): number {
  return syscall("pread64", descriptor, into, into.length, offset);
}

/** Gives how many bytes were written. A limit on files' sizes does not end the handler. */
export function write(descriptor: number, bytes: Uint8Array): number {
  ignoreSizeLimit();
  const written = syscall("write", descriptor, bytes, bytes.length);
  restoreSizeLimit();
  return written;
}

/** Writes all of it; gives 0, or −errno where that fails. */
export function writeAll(descriptor: number, bytes: Uint8Array): number {
  let from = 0;
  while (from < bytes.length) {
    const written = write(descriptor, part(bytes, from, bytes.length));
    if (written <= 0) return written === 0 ? ENOSPC : written;
    from += written;
  }
  return 0;
}

/** Writes at an offset. */
export function pwrite(descriptor: number, bytes: Uint8Array, offset: number): number {
  ignoreSizeLimit();
  const written = syscall("pwrite64", descriptor, bytes, bytes.length, offset);
  restoreSizeLimit();
  return written;
}

const SIGXFSZ = 25;
const SIG_IGN = 1;
/** The kernel's struct sigaction: handler, flags, restorer, mask. */
export const SIGACTION_SIZE = 32;
const ignored = new Uint8Array(SIGACTION_SIZE);
const sigxfsz = new Uint8Array(SIGACTION_SIZE);

/** Beyond RLIMIT_FSIZE a write gives EFBIG, and by default SIGXFSZ as well: setrlimit(2). */
function ignoreSizeLimit(): void {
  ignoreSignal(SIGXFSZ, sigxfsz);
}

/** Puts what its action was in `old`. */
export function ignoreSignal(signal: number, old: Uint8Array | undefined): number {
  put(ignored, 0, SIG_IGN);
  return setAction(signal, ignored, old);
}

/** As the caller had it. */
function restoreSizeLimit(): void {
  setAction(SIGXFSZ, sigxfsz, undefined);
}

/** Gives the length of what the link holds. */
export function readlink(path: Uint8Array, into: Uint8Array): number {
  const file = terminated(path, name);
  return syscall("readlinkat", AT_FDCWD, file, into, into.length);
}

/** What access() may be asked for; added up. */
export const X_OK = 1;
export const W_OK = 2;
export const R_OK = 4;

/** May the effective user do that with it? AT_EACCESS asks for that one, as open does. */
export function access(path: Uint8Array, mode: number): number {
  const AT_EACCESS = 0x200;
  const file = terminated(path, name);
  const answer = syscall("faccessat2", AT_FDCWD, file, mode, AT_EACCESS);
  // Kernels before 5.8, and filters that know no newer one. This asks for the real user, who is
  // another one in privileged starts alone.
  return isUnknownCall(answer) ? syscall("faccessat", AT_FDCWD, file, mode) : answer;
}

/** struct linux_dirent64 for as many files of an open directory as there is room for. */
export function readDirectory(descriptor: number, into: Uint8Array): number {
  return syscall("getdents64", descriptor, into, into.length);
}

/** struct statfs of the file system that the file is on. */
export function statfs(path: Uint8Array, into: Uint8Array): number {
  return syscall("statfs", terminated(path, name), into);
}

/** struct statx of the file of this name. */
export function statx(path: Uint8Array, into: Uint8Array): number {
  return statIn(AT_FDCWD, path, 0, into);
}

/** The same of an open file. */
export function statxOf(descriptor: number, into: Uint8Array): number {
  return statIn(descriptor, NONE, AT_EMPTY_PATH, into);
}

function statIn(directory: number, path: Uint8Array, flags: number, into: Uint8Array): number {
  /** All that stat(2) gives. */
  const STATX_BASIC_STATS = 0x7ff;
  const file = terminated(path, name);
  return syscall("statx", directory, file, flags, STATX_BASIC_STATS, into);
}

/** struct stat, for where statx is not known: seccomp filters from before 4.11. */
export function stat(path: Uint8Array, into: Uint8Array): number {
  return syscall("newfstatat", AT_FDCWD, terminated(path, name), into, 0);
}

export function statOf(descriptor: number, into: Uint8Array): number {
  const none = terminated(NONE, name);
  return syscall("newfstatat", descriptor, none, into, AT_EMPTY_PATH);
}

/** Gives the length of an extended attribute. */
export function xattrLength(descriptor: number, attribute: Uint8Array): number {
  return syscall("fgetxattr", descriptor, terminated(attribute, name), 0, 0);
}

export function rename(directory: number, from: Uint8Array, to: Uint8Array): number {
  const old = terminated(from, name);
  return syscall("renameat2", directory, old, directory, terminated(to, otherName), 0);
}

export function unlink(directory: number, path: Uint8Array): number {
  return syscall("unlinkat", directory, terminated(path, name), 0);
}

export function mkdir(path: Uint8Array, mode: number): number {
  return mkdirIn(AT_FDCWD, path, mode);
}

export function mkdirIn(directory: number, path: Uint8Array, mode: number): number {
  return syscall("mkdirat", directory, terminated(path, name), mode);
}

export function fchmod(descriptor: number, mode: number): number {
  return syscall("fchmod", descriptor, mode);
}

export function fsync(descriptor: number): number {
  return syscall("fsync", descriptor);
}

/** Takes the lock, if nobody has it. */
export function tryLock(descriptor: number): number {
  const LOCK_EX_NB = 6;
  return syscall("flock", descriptor, LOCK_EX_NB);
}

/** Waits for the lock. */
export function lock(descriptor: number): number {
  const LOCK_EX = 2;
  return syscall("flock", descriptor, LOCK_EX);
}

/** The lowest free descriptor from `least` on, for the same file. */
export function duplicate(descriptor: number, least: number): number {
  const F_DUPFD = 0;
  return syscall("fcntl", descriptor, F_DUPFD, least);
}

/** Is it open, and will it be after an execve? */
export function isInherited(descriptor: number): boolean {
  const F_GETFD = 1;
  return syscall("fcntl", descriptor, F_GETFD, 0) === 0;
}

/** Flags of open(2) that hold for an open file; below 0 for none. */
export function statusFlags(descriptor: number): number {
  const F_GETFL = 3;
  return syscall("fcntl", descriptor, F_GETFL, 0);
}

/** A write that would have to wait gives EAGAIN. */
export function doNotWait(descriptor: number): void {
  const F_SETFL = 4;
  syscall("fcntl", descriptor, F_SETFL, O_NONBLOCK);
}

/** Where the next read begins. */
export function offsetOf(descriptor: number): number {
  const SEEK_CUR = 1;
  return syscall("lseek", descriptor, 0, SEEK_CUR);
}

export function seek(descriptor: number, offset: number): number {
  const SEEK_SET = 0;
  return syscall("lseek", descriptor, offset, SEEK_SET);
}

/** Two descriptors, four bytes each: what is written to the second can be read from the first. */
export function pipe(into: Uint8Array): number {
  return syscall("pipe2", into, O_CLOEXEC);
}

/** Bytes that can be read from a pipe, whichever end the descriptor is. */
export function unread(descriptor: number, into: Uint8Array): number {
  const FIONREAD = 0x541b;
  return syscall("ioctl", descriptor, FIONREAD, into);
}

const EPOLL_CTL_ADD = 1;
/** struct epoll_event */
const event = new Uint8Array(16);

/** Does epoll take the descriptor? EPERM: none that can be waited for. */
export function canBeAwaited(descriptor: number): number {
  const epoll = syscall("epoll_create1", O_CLOEXEC);
  const answer = syscall("epoll_ctl", epoll, EPOLL_CTL_ADD, descriptor, event);
  close(epoll);
  return answer;
}

/** Has awaitReader() wait for whoever reads what is written to the descriptor. */
export function watchReader(descriptor: number): number {
  const epoll = syscall("epoll_create1", O_CLOEXEC);
  // EPOLLET, EPOLLOUT: each time that there is room, not while there is.
  put(event, 0, 4);
  put(event, 3, 0x80);
  syscall("epoll_ctl", epoll, EPOLL_CTL_ADD, descriptor, event);
  return epoll;
}

/** Gives 0 where nobody has read for so many milliseconds. */
export function awaitReader(watch: number, milliseconds: number): number {
  return syscall("epoll_pwait", watch, event, 1, milliseconds, 0, SIGSET_SIZE);
}

/**
 * Waits for events of four descriptors: struct pollfd. At most as long as a struct timespec says,
 * which is overwritten; without one, until there is an event.
 */
export function poll(descriptors: Uint8Array, time: Uint8Array | undefined): number {
  const N = 4;
  if (time === undefined) return syscall("ppoll", descriptors, N, 0, 0, SIGSET_SIZE);
  return syscall("ppoll", descriptors, N, time, 0, SIGSET_SIZE);
}

/** struct pollfd, four times: one descriptor, and none. */
const readable = new Uint8Array(32);
/** struct timespec */
const limit = new Uint8Array(16);

/** Can it be read without waiting, be it its end? */
export function isReadable(descriptor: number): boolean {
  return awaitReadable(descriptor, 0) > 0;
}

/** Gives 0 where it could not be read, nor its end, for so many seconds. */
export function awaitReadable(descriptor: number, seconds: number): number {
  const POLLIN = 1;
  put(readable, 0, descriptor);
  put(readable, 4, POLLIN);
  put(limit, 0, seconds);
  put(limit, 8, 0);
  return syscall("ppoll", readable, 1, limit, 0, SIGSET_SIZE);
}

/** A descriptor that can be read once the process has ended. */
export function openProcess(process: number): number {
  return syscall("pidfd_open", process, 0);
}

export function closeOnExecve(descriptor: number): void {
  const F_SETFD = 2;
  const FD_CLOEXEC = 1;
  syscall("fcntl", descriptor, F_SETFD, FD_CLOEXEC);
}

export function dup3(from: number, to: number): number {
  return syscall("dup3", from, to, 0);
}

export const TCGETS = 0x5401;

/** struct termios of a terminal; an error where the descriptor is none. */
export function terminalSettings(descriptor: number, into: Uint8Array): number {
  return syscall("ioctl", descriptor, TCGETS, into);
}

/** The foreground process group of the caller's controlling terminal, of no other one. */
export function foregroundGroup(descriptor: number, into: Uint8Array): number {
  const TIOCGPGRP = 0x540f;
  return syscall("ioctl", descriptor, TIOCGPGRP, into);
}

/** Throws away what was typed at a terminal and not read: tcflush(3). */
export function discardInput(descriptor: number): number {
  const TCFLSH = 0x540b;
  const TCIFLUSH = 0;
  return syscall("ioctl", descriptor, TCFLSH, TCIFLUSH);
}

/** struct winsize: rows, columns, 0, 0. */
export function windowSize(descriptor: number, into: Uint8Array): number {
  const TIOCGWINSZ = 0x5413;
  return syscall("ioctl", descriptor, TIOCGWINSZ, into);
}

export function socket(): number {
  const AF_UNIX = 1;
  const SOCK_STREAM_CLOEXEC = 0o2000001;
  return syscall("socket", AF_UNIX, SOCK_STREAM_CLOEXEC, 0);
}

/** `address` is a struct sockaddr_un. */
export function connect(descriptor: number, address: Uint8Array): number {
  return syscall("connect", descriptor, address, address.length);
}

export function memfd(path: Uint8Array, isExecutable: boolean): number {
  /** Asked for where vm.memfd_noexec is 1; kernels before 6.3 do not know it. */
  const MFD_EXEC = 0x10;
  const file = terminated(path, name);
  const flags = isExecutable ? MFD_CLOEXEC | MFD_EXEC : MFD_CLOEXEC;
  const descriptor = syscall("memfd_create", file, flags);
  if (descriptor !== EINVAL) return descriptor;
  return syscall("memfd_create", file, MFD_CLOEXEC);
}

export function map(descriptor: number, size: number, writable: boolean): Uint8Array | undefined {
  return mapFile(descriptor, size, writable ? 1 : 0);
}

export function chdir(path: Uint8Array): number {
  return syscall("chdir", terminated(path, name));
}

/** Gives the path's length with its zero byte. */
export function getcwd(into: Uint8Array): number {
  return syscall("getcwd", into, into.length);
}

export function umask(mask: number): number {
  return syscall("umask", mask);
}

/**
 * argv and envp are arrays of addresses that end in a zero word; without envp it is the one that
 * begins at this word of the stack.
 */
export function execve(
  path: Uint8Array,
  argv: Uint8Array,
  envp: Uint8Array | undefined,
  word: number,
): number {
  const file = terminated(path, name);
  if (envp === undefined) return syscall("execve", file, argv, stackAddress(word));
  return syscall("execve", file, argv, envp);
}

/** Executes an open file; the environment is as in execve(). */
export function execveOf(
  descriptor: number,
  argv: Uint8Array,
  envp: Uint8Array | undefined,
  word: number,
): number {
  const none = terminated(NONE, name);
  if (envp === undefined) {
    return syscall("execveat", descriptor, none, argv, stackAddress(word), AT_EMPTY_PATH);
  }
  return syscall("execveat", descriptor, none, argv, envp, AT_EMPTY_PATH);
}

export function exit(status: number): never {
  while (true) syscall("exit_group", status);
}

/** A child process without an exit signal: it gives 0 in the child, else the child's id. */
export function fork(): number {
  return syscall("clone", 0, 0, 0, 0, 0);
}

/** Wait also for a child that sends no signal at its end. */
const WALL = 0x40000000;

/** Waits for the child's end; its wait status stands in the first four bytes. */
export function wait(child: number, status: Uint8Array): number {
  return syscall("wait4", child, status, WALL, 0);
}

/** The same, but gives 0 while the child has not ended. */
export function checkEnd(child: number, status: Uint8Array): number {
  const WNOHANG = 1;
  return syscall("wait4", child, status, WNOHANG | WALL, 0);
}

export function kill(process: number, signal: number): number {
  return syscall("kill", process, signal);
}

const SIGSET_SIZE = 8;

/** Both are the kernel's struct sigaction. */
export function setAction(signal: number, action: Uint8Array, old: Uint8Array | undefined): number {
  if (old === undefined) return syscall("rt_sigaction", signal, action, 0, SIGSET_SIZE);
  return syscall("rt_sigaction", signal, action, old, SIGSET_SIZE);
}

/** Sets which signals are blocked. */
export function blockSignals(set: Uint8Array): number {
  const SIG_SETMASK = 2;
  return syscall("rt_sigprocmask", SIG_SETMASK, set, 0, SIGSET_SIZE);
}

export function getpid(): number {
  return syscall("getpid");
}

/** The caller's own process group. */
export function getpgrp(): number {
  return syscall("getpgid", 0);
}

export function getppid(): number {
  return syscall("getppid");
}

export function setsid(): number {
  return syscall("setsid");
}

/** The signal that the caller gets when its parent ends. */
export function setParentDeathSignal(signal: number): number {
  const PR_SET_PDEATHSIG = 1;
  return syscall("prctl", PR_SET_PDEATHSIG, signal, 0, 0, 0);
}

export function hasNoNewPrivileges(): boolean {
  const PR_GET_NO_NEW_PRIVS = 39;
  return syscall("prctl", PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) !== 0;
}

/** From now on no execve gives the caller rights that it does not have. */
export function setNoNewPrivileges(): number {
  const PR_SET_NO_NEW_PRIVS = 38;
  return syscall("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/** The caller is in no groups but this one, and this user for good. */
export function becomeUser(id: number): number {
  const groups = syscall("setgroups", 0, 0);
  if (groups < 0) return groups;
  const group = syscall("setresgid", id, id, id);
  return group < 0 ? group : syscall("setresuid", id, id, id);
}

/** Has SIGALRM sent, also after an execve; `time` is a struct itimerval. */
export function setAlarm(time: Uint8Array): number {
  const ITIMER_REAL = 0;
  return syscall("setitimer", ITIMER_REAL, time, 0);
}

/** `time` is a struct timespec. */
export function nanosleep(time: Uint8Array): number {
  return syscall("nanosleep", time, 0);
}

/** A struct timespec since 1970, as files' times are. */
export function clockTime(into: Uint8Array): number {
  const CLOCK_REALTIME = 0;
  return syscall("clock_gettime", CLOCK_REALTIME, into);
}
