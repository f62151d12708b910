/**
 * The errors of the handler's system calls, from the man pages, and EPERM and ENOSYS of seccomp
 * filters. Errors of wrong arguments (EBADF, EFAULT, EINVAL) are left out if the handler cannot
 * pass one.
 */
/** include/uapi/asm-generic/errno-base.h and errno.h; x86_64 and aarch64 have the same. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  ENOEXEC: 8,
  EBADF: 9,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOTTY: 25,
  ETXTBSY: 26,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  EMLINK: 31,
  ENAMETOOLONG: 36,
  ENOLCK: 37,
  ENOSYS: 38,
  ELOOP: 40,
  ENODATA: 61,
  ENOLINK: 67,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
  ECONNREFUSED: 111,
  ESTALE: 116,
  EDQUOT: 122,
} as const;

export type Errno = keyof typeof ERRNO;

/** Errors of every path look-up; ESTALE, ENOLINK and EIO are those of network file systems. */
const PATH: readonly Errno[] = [
  ...["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG", "ENOMEM", "EIO"] as const,
  ...["ESTALE", "ENOLINK", "EINTR"] as const,
];
const WRITING: readonly Errno[] = ["ENOSPC", "EDQUOT", "EROFS"];

/** Besides EPERM and ENOSYS. */
const OWN: Readonly<Record<string, readonly Errno[]>> = {
  openat: [
    ...PATH,
    ...WRITING,
    ...["EMFILE", "ENFILE", "ENXIO", "ENODEV", "ETXTBSY", "EOVERFLOW", "EEXIST", "EISDIR"] as const,
    ...["EAGAIN", "EBUSY"] as const,
  ],
  read: ["EAGAIN", "EINTR", "EIO", "EISDIR"],
  pread64: ["EAGAIN", "EINTR", "EIO", "EISDIR", "ENXIO", "EOVERFLOW"],
  write: ["EAGAIN", "EINTR", "EIO", "EFBIG", ...WRITING],
  pwrite64: ["EAGAIN", "EINTR", "EIO", "EFBIG", ...WRITING],
  close: ["EINTR", "EIO", "ENOSPC", "EDQUOT"],
  statx: PATH,
  newfstatat: [...PATH, "EOVERFLOW"],
  readlinkat: PATH,
  faccessat2: [...PATH, "EROFS", "ETXTBSY"],
  faccessat: [...PATH, "EROFS", "ETXTBSY"],
  mkdirat: [...PATH, ...WRITING, "EEXIST", "EMLINK"],
  renameat2: [...PATH, ...WRITING, "EBUSY", "EMLINK"],
  unlinkat: [...PATH, "EROFS", "EBUSY"],
  linkat: [...PATH, ...WRITING, "EEXIST", "EMLINK"],
  fchmod: ["EIO", "EROFS"],
  fsync: ["EIO", "EINTR", ...WRITING],
  flock: ["EAGAIN", "EINTR", "ENOLCK"],
  fgetxattr: ["ENODATA", "EOPNOTSUPP", "EIO"],
  mmap: ["ENOMEM", "EACCES", "EAGAIN", "ENFILE", "ENODEV", "EOVERFLOW"],
  fcntl: ["EMFILE", "EBADF"],
  dup3: ["EMFILE", "EBUSY", "EINTR", "EBADF"],
  close_range: ["EMFILE", "ENOMEM"],
  memfd_create: ["EMFILE", "ENFILE", "ENOMEM", "EACCES", "EINVAL"],
  clone: ["EAGAIN", "ENOMEM"],
  wait4: ["ECHILD", "EINTR"],
  execve: [
    ...PATH,
    ...["E2BIG", "ENOEXEC", "ETXTBSY", "EAGAIN", "EMFILE", "ENFILE", "EISDIR"] as const,
  ],
  execveat: [...PATH, "E2BIG", "ENOEXEC", "ETXTBSY", "EAGAIN", "EMFILE", "ENFILE"],
  chdir: PATH,
  getcwd: ["ENOENT", "ENOMEM", "ENAMETOOLONG"],
  nanosleep: ["EINTR"],
  clock_gettime: [],
  prctl: [],
  rt_sigaction: [],
  rt_sigprocmask: [],
  kill: [],
  getpid: [],
  getppid: [],
  getpgid: [],
  umask: [],
  setsid: [],
  setitimer: [],
  getdents64: ["ENOENT", "ENOTDIR", "EIO"],
  statfs: [...PATH],
  lseek: ["ENXIO", "EOVERFLOW"],
  pipe2: ["EMFILE", "ENFILE"],
  pidfd_open: ["EMFILE", "ENFILE", "ENODEV", "ENOMEM"],
  ppoll: ["ENOMEM"],
  epoll_create1: ["EMFILE", "ENFILE", "ENOMEM"],
  epoll_ctl: ["ENOMEM", "ENOSPC"],
  epoll_pwait: ["EINTR"],
  ioctl: ["ENOTTY", "EIO"],
  socket: ["EMFILE", "ENFILE", "ENOMEM", "EACCES"],
  connect: ["ECONNREFUSED", "ENOENT", "EAGAIN", "EINTR", "EACCES"],
};

/** The errors of a call. */
export function errnosOf(name: string): readonly Errno[] {
  const own = OWN[name];
  if (own === undefined) throw new Error(`tests/soak/errnos.ts does not say how ${name} can fail`);
  return [...new Set<Errno>(["EPERM", "ENOSYS", ...own])];
}
