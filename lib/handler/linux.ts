/**
 * The only functions that make system calls. They return the kernel's result; a negative one is
 * −errno. Their paths have no zero byte at the end.
 */
import { NONE, store } from "./bytes.ts";
import { copy, map as mapFile, part, perMachine, put, stackAddress, syscall } from "./outside.ts";

/** Flags of open(2). O_DIRECTORY and O_NOFOLLOW: arch/arm64/include/uapi/asm/fcntl.h. */
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

/** What the kernel reads of a program to choose how to run it: linux/binfmts.h. */
export const BINPRM_BUF_SIZE = 256;

/** Room for a path and its zero byte. */
export const PATH_MAX = 4096;
const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const MFD_CLOEXEC = 1;

/** Longer than any path that the kernel takes. */
const name = new Uint8Array(2 * PATH_MAX);
const otherName = new Uint8Array(2 * PATH_MAX);

/** The path and a zero byte. A cut one is still longer than PATH_MAX, so the kernel refuses it. */
function terminated(path: Uint8Array, into: Uint8Array): Uint8Array {
  const length = path.length < into.length ? path.length : into.length - 1;
  copy(into, 0, part(path, 0, length));
  put(into, length, 0);
  return part(into, 0, length + 1);
}

/** Is it how an old kernel or seccomp filter refuses a newer system call? */
export function isUnknownCall(error: number): boolean {
  return error === ENOSYS || error === EPERM;
}

/** Does the error mean that no file which the caller may see is at the path? */
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

/** Closes all descriptors from `first` on. */
export function closeFrom(first: number): void {
  closeRange(first, 0xffff_ffff);
}

/** The same, except for `kept`. */
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

/** Reads at most `into.length` bytes. */
export function read(descriptor: number, into: Uint8Array): number {
  return syscall("read", descriptor, into, into.length);
}

export function pread(descriptor: number, into: Uint8Array, offset: number): number {
  return syscall("pread64", descriptor, into, into.length, offset);
}

/** Returns how many bytes were written. RLIMIT_FSIZE does not kill the handler. */
export function write(descriptor: number, bytes: Uint8Array): number {
  ignoreSizeLimit();
  const written = syscall("write", descriptor, bytes, bytes.length);
  restoreSizeLimit();
  return written;
}

/** Writes all bytes; returns 0 or −errno. */
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

/** A write beyond RLIMIT_FSIZE fails with EFBIG and sends SIGXFSZ: setrlimit(2). */
function ignoreSizeLimit(): void {
  ignoreSignal(SIGXFSZ, sigxfsz);
}

/** Stores the previous action in `old`. */
export function ignoreSignal(signal: number, old: Uint8Array | undefined): number {
  put(ignored, 0, SIG_IGN);
  return setAction(signal, ignored, old);
}

/** Restores the caller's action. */
function restoreSizeLimit(): void {
  setAction(SIGXFSZ, sigxfsz, undefined);
}

/** Returns the length of the link's target. */
export function readlink(path: Uint8Array, into: Uint8Array): number {
  const file = terminated(path, name);
  return syscall("readlinkat", AT_FDCWD, file, into, into.length);
}

/** Modes of access(), to be combined. */
export const X_OK = 1;
export const W_OK = 2;
export const R_OK = 4;

/** May the effective user access the path so? access(2) without AT_EACCESS means the real user. */
export function access(path: Uint8Array, mode: number): number {
  const AT_EACCESS = 0x200;
  const file = terminated(path, name);
  const answer = syscall("faccessat2", AT_FDCWD, file, mode, AT_EACCESS);
  // Kernels and filters older than 5.8. Only in privileged starts the real user is another one.
  return isUnknownCall(answer) ? syscall("faccessat", AT_FDCWD, file, mode) : answer;
}

/** Reads as many struct linux_dirent64 of an open directory as fit. */
export function readDirectory(descriptor: number, into: Uint8Array): number {
  return syscall("getdents64", descriptor, into, into.length);
}

/** Fills a struct statfs of the file system that contains the file. */
export function statfs(path: Uint8Array, into: Uint8Array): number {
  return syscall("statfs", terminated(path, name), into);
}

/** Fills a struct statx. */
export function statx(path: Uint8Array, into: Uint8Array): number {
  return statIn(AT_FDCWD, path, 0, into);
}

/** The same for an open file. */
export function statxOf(descriptor: number, into: Uint8Array): number {
  return statIn(descriptor, NONE, AT_EMPTY_PATH, into);
}

function statIn(directory: number, path: Uint8Array, flags: number, into: Uint8Array): number {
  /** The fields that stat(2) has. */
  const STATX_BASIC_STATS = 0x7ff;
  const file = terminated(path, name);
  return syscall("statx", directory, file, flags, STATX_BASIC_STATS, into);
}

/** Fills a struct stat. Seccomp filters that are older than Linux 4.11 refuse statx. */
export function stat(path: Uint8Array, into: Uint8Array): number {
  return syscall("newfstatat", AT_FDCWD, terminated(path, name), into, 0);
}

export function statOf(descriptor: number, into: Uint8Array): number {
  const none = terminated(NONE, name);
  return syscall("newfstatat", descriptor, none, into, AT_EMPTY_PATH);
}

/** Returns the length of an extended attribute. */
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

/** Takes the lock; EAGAIN if another process has it. */
export function tryLock(descriptor: number): number {
  const LOCK_EX_NB = 6;
  return syscall("flock", descriptor, LOCK_EX_NB);
}

/** Takes the lock, and waits for it. */
export function lock(descriptor: number): number {
  const LOCK_EX = 2;
  return syscall("flock", descriptor, LOCK_EX);
}

/** Duplicates a descriptor to the lowest free one from `least` on. */
export function duplicate(descriptor: number, least: number): number {
  const F_DUPFD = 0;
  return syscall("fcntl", descriptor, F_DUPFD, least);
}

/** Is it open, without FD_CLOEXEC? */
export function isInherited(descriptor: number): boolean {
  const F_GETFD = 1;
  return syscall("fcntl", descriptor, F_GETFD, 0) === 0;
}

/** The flags of open(2) of an open file; −errno if it is not open. */
export function statusFlags(descriptor: number): number {
  const F_GETFL = 3;
  return syscall("fcntl", descriptor, F_GETFL, 0);
}

/** Sets O_NONBLOCK: writes fail with EAGAIN instead of waiting. */
export function doNotWait(descriptor: number): void {
  const F_SETFL = 4;
  syscall("fcntl", descriptor, F_SETFL, O_NONBLOCK);
}

/** The file offset. */
export function offsetOf(descriptor: number): number {
  const SEEK_CUR = 1;
  return syscall("lseek", descriptor, 0, SEEK_CUR);
}

export function seek(descriptor: number, offset: number): number {
  const SEEK_SET = 0;
  return syscall("lseek", descriptor, offset, SEEK_SET);
}

/** Stores the descriptors of a new pipe, four bytes each: the end to read, the end to write. */
export function pipe(into: Uint8Array): number {
  return syscall("pipe2", into, O_CLOEXEC);
}

/** Stores how many bytes are in a pipe; the descriptor can be either end. */
export function unread(descriptor: number, into: Uint8Array): number {
  const FIONREAD = 0x541b;
  return syscall("ioctl", descriptor, FIONREAD, into);
}

const EPOLL_CTL_ADD = 1;
/** struct epoll_event */
const event = new Uint8Array(16);

/** Does epoll accept the descriptor? EPERM for files and /dev/null. */
export function canBeAwaited(descriptor: number): number {
  const epoll = syscall("epoll_create1", O_CLOEXEC);
  const answer = syscall("epoll_ctl", epoll, EPOLL_CTL_ADD, descriptor, event);
  close(epoll);
  return answer;
}

/** Returns an epoll descriptor for awaitReader(). */
export function watchReader(descriptor: number): number {
  const epoll = syscall("epoll_create1", O_CLOEXEC);
  // EPOLLOUT with EPOLLET: an event each time that room appears, not as long as there is some.
  put(event, 0, 4);
  put(event, 3, 0x80);
  syscall("epoll_ctl", epoll, EPOLL_CTL_ADD, descriptor, event);
  return epoll;
}

/** Waits until somebody reads from the watched descriptor; returns 0 after the time. */
export function awaitReader(watch: number, milliseconds: number): number {
  return syscall("epoll_pwait", watch, event, 1, milliseconds, 0, SIGSET_SIZE);
}

/**
 * Waits for events of four descriptors, each a struct pollfd. `time` is a struct timespec, which
 * the kernel overwrites; without one it waits for ever.
 */
export function poll(descriptors: Uint8Array, time: Uint8Array | undefined): number {
  const N = 4;
  if (time === undefined) return syscall("ppoll", descriptors, N, 0, 0, SIGSET_SIZE);
  return syscall("ppoll", descriptors, N, time, 0, SIGSET_SIZE);
}

/** Four struct pollfd, of which ppoll gets one. */
const readable = new Uint8Array(32);
/** struct timespec */
const limit = new Uint8Array(16);

/** Does a read return at once, with bytes or the end of the file? */
export function isReadable(descriptor: number): boolean {
  return awaitReadable(descriptor, 0) > 0;
}

/** Waits until a read would return at once; returns 0 after the seconds. */
export function awaitReadable(descriptor: number, seconds: number): number {
  const POLLIN = 1;
  store(readable, 0, 4, descriptor);
  store(readable, 4, 4, POLLIN);
  store(limit, 0, 8, seconds);
  store(limit, 8, 8, 0);
  return syscall("ppoll", readable, 1, limit, 0, SIGSET_SIZE);
}

/** Returns a descriptor that becomes readable when the process ends. */
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

/** Fills a struct termios; fails if the descriptor is not a terminal. */
export function terminalSettings(descriptor: number, into: Uint8Array): number {
  return syscall("ioctl", descriptor, TCGETS, into);
}

/** Stores the foreground process group; fails for all but the caller's controlling terminal. */
export function foregroundGroup(descriptor: number, into: Uint8Array): number {
  const TIOCGPGRP = 0x540f;
  return syscall("ioctl", descriptor, TIOCGPGRP, into);
}

/** Discards what was typed at a terminal and not yet read: tcflush(3). */
export function discardInput(descriptor: number): number {
  const TCFLSH = 0x540b;
  const TCIFLUSH = 0;
  return syscall("ioctl", descriptor, TCFLSH, TCIFLUSH);
}

/** Fills a struct winsize: rows, columns, 0, 0. */
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
  /** Needed if vm.memfd_noexec is 1; kernels before 6.3 do not know it. */
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

/** Returns the length of the path and its zero byte. */
export function getcwd(into: Uint8Array): number {
  return syscall("getcwd", into, into.length);
}

export function umask(mask: number): number {
  return syscall("umask", mask);
}

/**
 * argv and envp are arrays of addresses that end in a zero word. If envp is undefined, the array on
 * the stack is used, from `word` on.
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

/** Makes a child without an exit signal; returns 0 in the child, else its process ID. */
export function fork(): number {
  return syscall("clone", 0, 0, 0, 0, 0);
}

/** Wait also for children without an exit signal. */
const WALL = 0x40000000;

/** Waits until the child ends; stores its wait status in the first four bytes. */
export function wait(child: number, status: Uint8Array): number {
  return syscall("wait4", child, status, WALL, 0);
}

/** The same without waiting; returns 0 as long as the child runs. */
export function checkEnd(child: number, status: Uint8Array): number {
  const WNOHANG = 1;
  return syscall("wait4", child, status, WNOHANG | WALL, 0);
}

export function kill(process: number, signal: number): number {
  return syscall("kill", process, signal);
}

const SIGSET_SIZE = 8;

/** `action` and `old` are each a kernel's struct sigaction. */
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

/** Sets no_new_privs: no later execve gains privileges. */
export function setNoNewPrivileges(): number {
  const PR_SET_NO_NEW_PRIVS = 38;
  return syscall("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/** Sets all user and group IDs, and removes the supplementary groups. */
export function becomeUser(id: number): number {
  const groups = syscall("setgroups", 0, 0);
  if (groups < 0) return groups;
  const group = syscall("setresgid", id, id, id);
  return group < 0 ? group : syscall("setresuid", id, id, id);
}

/** Schedules SIGALRM, which execve keeps; `time` is a struct itimerval. */
export function setAlarm(time: Uint8Array): number {
  const ITIMER_REAL = 0;
  return syscall("setitimer", ITIMER_REAL, time, 0);
}

/** `time` is a struct timespec. */
export function nanosleep(time: Uint8Array): number {
  return syscall("nanosleep", time, 0);
}

/** Fills a struct timespec with the time since 1970. */
export function clockTime(into: Uint8Array): number {
  const CLOCK_REALTIME = 0;
  return syscall("clock_gettime", CLOCK_REALTIME, into);
}
