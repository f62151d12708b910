import type { Target } from "./language.ts";

/** Numbers on x86_64 and aarch64, and how many arguments there are. */
type Entry = readonly [x86_64: number, aarch64: number, parameters: number];

/**
 * The system calls by their kernel names. Sources: arch/x86/entry/syscalls/syscall_64.tbl and
 * include/uapi/asm-generic/unistd.h of Linux. Only what both machines have: aarch64 has no open,
 * pipe, dup2, poll, fork. Two differ in more than their number: clone takes its last two arguments
 * in the other order, and struct stat of fstat and newfstatat has another layout (statx has one for
 * all).
 */
const SYSCALLS = {
  openat: [257, 56, 4],
  read: [0, 63, 3],
  pread64: [17, 67, 4],
  write: [1, 64, 3],
  pwrite64: [18, 68, 4],
  close: [3, 57, 1],
  close_range: [436, 436, 3],
  lseek: [8, 62, 3],
  ftruncate: [77, 46, 2],
  fstat: [5, 80, 2],
  newfstatat: [262, 79, 4],
  statx: [332, 291, 5],
  readlinkat: [267, 78, 4],
  faccessat: [269, 48, 3],
  faccessat2: [439, 439, 4],
  getxattr: [191, 8, 4],
  fgetxattr: [193, 10, 4],
  renameat2: [316, 276, 5],
  unlinkat: [263, 35, 3],
  mkdirat: [258, 34, 3],
  fchmod: [91, 52, 2],
  fsync: [74, 82, 1],
  flock: [73, 32, 2],
  fcntl: [72, 25, 3],
  ioctl: [16, 29, 3],
  dup3: [292, 24, 3],
  socket: [41, 198, 3],
  connect: [42, 203, 3],
  pipe2: [293, 59, 2],
  memfd_create: [319, 279, 2],
  sendfile: [40, 71, 4],
  ppoll: [271, 73, 5],
  chdir: [80, 49, 1],
  fchdir: [81, 50, 1],
  getcwd: [79, 17, 2],
  umask: [95, 166, 1],
  mmap: [9, 222, 6],
  munmap: [11, 215, 2],
  execve: [59, 221, 3],
  execveat: [322, 281, 5],
  exit_group: [231, 94, 1],
  clone: [56, 220, 5],
  wait4: [61, 260, 4],
  kill: [62, 129, 2],
  rt_sigaction: [13, 134, 4],
  rt_sigprocmask: [14, 135, 4],
  getpid: [39, 172, 0],
  getppid: [110, 173, 0],
  getpgid: [121, 155, 1],
  setsid: [112, 157, 0],
  gettid: [186, 178, 0],
  getuid: [102, 174, 0],
  geteuid: [107, 175, 0],
  getgid: [104, 176, 0],
  getegid: [108, 177, 0],
  prctl: [157, 167, 5],
  prlimit64: [302, 261, 4],
  getrandom: [318, 278, 3],
  nanosleep: [35, 101, 2],
  clock_gettime: [228, 113, 2],
  clock_nanosleep: [230, 115, 4],
  sched_yield: [24, 124, 0],
} as const satisfies Record<string, Entry>;

export type SyscallName = keyof typeof SYSCALLS;

export const SYSCALL_NAMES = Object.keys(SYSCALLS) as SyscallName[];

export interface Syscall {
  readonly number: number;
  readonly parameters: number;
}

export function syscallOf(name: SyscallName, target: Target): Syscall {
  const entry: Entry | undefined = Object.hasOwn(SYSCALLS, name) ? SYSCALLS[name] : undefined;
  if (entry === undefined) {
    throw new TypeError(`Cannot call “${name}”: not in the table of system calls`);
  }
  const [x86_64, aarch64, parameters] = entry;
  return { number: { x86_64, aarch64 }[target], parameters };
}
