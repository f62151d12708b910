import type { Host } from "./language.ts";

/**
 * The type of an argument: a number; a path, which ends in a zero byte; bytes that the kernel reads
 * or writes, of a fixed size or of the size in another argument, given by its position; an array of
 * addresses that ends in a zero word. An optional argument can be 0.
 */
export type Parameter =
  | "number"
  | "path"
  | "addresses"
  | { readonly bytes: "in" | "out"; readonly size: number }
  | { readonly bytes: "in" | "out"; readonly sizedBy: number }
  | { readonly optional: Parameter };

interface Entry {
  readonly x86_64: number;
  readonly aarch64: number;
  readonly parameters: readonly Parameter[];
}

const n = "number";
const path = "path";
const reads = (sizedBy: number) => ({ bytes: "in", sizedBy }) as const;
const writes = (sizedBy: number) => ({ bytes: "out", sizedBy }) as const;
const readsAlways = (size: number) => ({ bytes: "in", size }) as const;
const writesAlways = (size: number) => ({ bytes: "out", size }) as const;
const maybe = (optional: Parameter) => ({ optional }) as const;

const entry = (x86_64: number, aarch64: number, ...parameters: Parameter[]): Entry => (
  { x86_64, aarch64, parameters }
);

/** struct timespec */
const TIMESPEC = 16;
/** struct itimerval */
const ITIMERVAL = 32;
/** The kernel's struct sigaction: handler, flags, restorer, mask. */
const SIGACTION = 32;
const SIGSET = 8;
/** struct statx */
const STATX = 256;
/** struct stat of both machines */
const STAT = 144;
/** struct statfs of both machines */
const STATFS = 120;
/** At least what the used requests of ioctl(2) write: struct termios has 60 bytes. */
const IOCTL = 64;
/** Two descriptors. */
const PIPE = 8;
/** struct epoll_event: 12 bytes on x86_64, 16 on aarch64. */
const EPOLL_EVENT = 16;
const POLLFD = 8;
/** struct sockaddr_un */
const SOCKADDR_UN = 110;

/**
 * The numbers and arguments of the system calls that both machines have; aarch64 has no open, pipe,
 * dup2, poll and fork. Two also differ otherwise: clone's last two arguments are swapped, and the
 * struct stat of newfstatat has another layout. Sources: arch/x86/entry/syscalls/syscall_64.tbl and
 * include/uapi/asm-generic/unistd.h of Linux, and the man pages.
 */
const SYSCALLS = {
  openat: entry(257, 56, n, path, n, n),
  read: entry(0, 63, n, writes(2), n),
  pread64: entry(17, 67, n, writes(2), n, n),
  write: entry(1, 64, n, reads(2), n),
  pwrite64: entry(18, 68, n, reads(2), n, n),
  close: entry(3, 57, n),
  close_range: entry(436, 436, n, n, n),
  newfstatat: entry(262, 79, n, path, writesAlways(STAT), n),
  statx: entry(332, 291, n, path, n, n, writesAlways(STATX)),
  readlinkat: entry(267, 78, n, path, writes(3), n),
  getdents64: entry(217, 61, n, writes(2), n),
  statfs: entry(137, 43, path, writesAlways(STATFS)),
  faccessat: entry(269, 48, n, path, n),
  faccessat2: entry(439, 439, n, path, n, n),
  fgetxattr: entry(193, 10, n, path, maybe(writes(3)), n),
  renameat2: entry(316, 276, n, path, n, path, n),
  unlinkat: entry(263, 35, n, path, n),
  mkdirat: entry(258, 34, n, path, n),
  fchmod: entry(91, 52, n, n),
  fsync: entry(74, 82, n),
  flock: entry(73, 32, n, n),
  lseek: entry(8, 62, n, n, n),
  fcntl: entry(72, 25, n, n, n),
  ioctl: entry(16, 29, n, n, maybe(writesAlways(IOCTL))),
  pipe2: entry(293, 59, writesAlways(PIPE), n),
  epoll_create1: entry(291, 20, n),
  epoll_ctl: entry(233, 21, n, n, n, readsAlways(EPOLL_EVENT)),
  epoll_pwait: entry(281, 22, n, writesAlways(EPOLL_EVENT), n, n, n, n),
  ppoll: entry(271, 73, writesAlways(4 * POLLFD), n, maybe(writesAlways(TIMESPEC)), n, n),
  dup3: entry(292, 24, n, n, n),
  socket: entry(41, 198, n, n, n),
  connect: entry(42, 203, n, readsAlways(SOCKADDR_UN), n),
  memfd_create: entry(319, 279, path, n),
  chdir: entry(80, 49, path),
  getcwd: entry(79, 17, writes(1), n),
  umask: entry(95, 166, n),
  mmap: entry(9, 222, n, n, n, n, n, n),
  execve: entry(59, 221, path, "addresses", { optional: "addresses" }),
  execveat: entry(322, 281, n, path, "addresses", { optional: "addresses" }, n),
  exit_group: entry(231, 94, n),
  clone: entry(56, 220, n, n, n, n, n),
  wait4: entry(61, 260, n, maybe(writesAlways(8)), n, n),
  pidfd_open: entry(434, 434, n, n),
  kill: entry(62, 129, n, n),
  rt_sigaction: entry(13, 134, n, readsAlways(SIGACTION), maybe(writesAlways(SIGACTION)), n),
  rt_sigprocmask: entry(14, 135, n, readsAlways(SIGSET), maybe(writesAlways(SIGSET)), n),
  getpid: entry(39, 172),
  getppid: entry(110, 173),
  getpgid: entry(121, 155, n),
  setsid: entry(112, 157),
  prctl: entry(157, 167, n, n, n, n, n),
  setgroups: entry(116, 159, n, n),
  setresgid: entry(119, 149, n, n, n),
  setresuid: entry(117, 147, n, n, n),
  setitimer: entry(38, 103, n, readsAlways(ITIMERVAL), n),
  nanosleep: entry(35, 101, readsAlways(TIMESPEC), n),
  clock_gettime: entry(228, 113, n, writesAlways(TIMESPEC)),
} as const satisfies Record<string, Entry>;

export type SyscallName = keyof typeof SYSCALLS;

export const SYSCALL_NAMES = Object.keys(SYSCALLS) as SyscallName[];

interface Syscall {
  readonly number: number;
  readonly parameters: readonly Parameter[];
}

export function syscallOf(name: SyscallName, host: Host): Syscall {
  const entry: Entry | undefined = Object.hasOwn(SYSCALLS, name) ? SYSCALLS[name] : undefined;
  if (entry === undefined) {
    throw new TypeError(`Cannot call “${name}”: not in the table of system calls`);
  }
  return { number: entry[host], parameters: entry.parameters };
}

/** Throws if a system call's arguments have the wrong type or size, as native code checks too. */
export function checkSyscall(name: SyscallName, args: readonly (number | Uint8Array)[]): void {
  const { parameters } = syscallOf(name, "x86_64");
  if (args.length !== parameters.length) {
    throw new RangeError(`${name} takes ${parameters.length} arguments, not ${args.length}`);
  }
  parameters.forEach((parameter, i) => {
    if (!fits(parameter, args[i]!, args)) throw new RangeError(`argument ${i} of ${name}`);
  });
}

function fits(
  parameter: Parameter,
  arg: number | Uint8Array,
  args: readonly (number | Uint8Array)[],
): boolean {
  if (parameter === "number") return typeof arg === "number";
  if (typeof parameter === "object" && "optional" in parameter) {
    // An array of addresses can be a number: its address on the stack.
    const isNone = arg === 0 || (typeof arg === "number" && parameter.optional === "addresses");
    return isNone || fits(parameter.optional, arg, args);
  }
  if (typeof arg === "number") return false;
  if (parameter === "path") return arg.at(-1) === 0;
  if (parameter === "addresses") return true;
  const size = "size" in parameter ? parameter.size : Number(args[parameter.sizedBy]);
  return size >= 0 && size <= arg.length;
}
