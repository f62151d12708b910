import type { Address, Operand, Procedure, Variable } from "../native/program.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

export const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const ENOSYS = -38;
const EPERM = -1;

/** How kernels and seccomp filters say that they are too old to know a system call. */
export const UNKNOWN_CALL = [ENOSYS, EPERM];
/** Ask for everything that stat(2) would give. */
const STATX_BASIC_STATS = 0x7ff;

/**
 * Flags of open(2). Those of directories differ between the machines; see
 * arch/arm64/include/uapi/asm/fcntl.h.
 */
export function openFlags(s: State) {
  const arm = s.options.host === "aarch64";
  return {
    O_RDONLY: 0,
    O_RDWR: 2,
    O_CREAT: 0o100,
    O_EXCL: 0o200,
    O_NONBLOCK: 0o4000,
    O_CLOEXEC: 0o2000000,
    O_PATH: 0o10000000,
    O_DIRECTORY: arm ? 0o40000 : 0o200000,
    O_NOFOLLOW: arm ? 0o100000 : 0o400000,
  };
}

/** File types in st_mode. */
export const S_IFMT = 0o170000;
export const S_IFREG = 0o100000;
export const S_IFDIR = 0o040000;

/** arch/x86/include/uapi/asm/stat.h and include/uapi/asm-generic/stat.h, where they differ. */
const STAT = {
  x86_64: { st_mode: 24, st_uid: 28 },
  aarch64: { st_mode: 16, st_uid: 24 },
} as const;

/** What statx says of a file, in variables of its own; see struct statx in linux/stat.h. */
export function defineFile(s: State, m: Messages) {
  const { code } = s;
  const file = {
    /** 0, or a negated errno. */
    error: code.variable("file_error"),
    dev: code.variable("file_dev"),
    ino: code.variable("file_ino"),
    size: code.variable("file_size"),
    /** Nanoseconds since 1970. */
    mtime: code.variable("file_mtime"),
    ctime: code.variable("file_ctime"),
    mode: code.variable("file_mode"),
    uid: code.variable("file_uid"),
  };
  const folder = code.variable("file_folder");
  const path = code.variable("file_path");
  const flags = code.variable("file_flags");
  const byStatx = defineByStatx(s, m, file, folder, path, flags);
  const byStat = defineByStat(s, m, file, folder, path, flags);
  const stat = code.procedure("stat_file", [folder, path, flags], () => {
    code.call(byStatx);
    // Seccomp filters from before 4.11 do not know it.
    for (const error of UNKNOWN_CALL) code.if(file.error, "==", error, () => code.call(byStat));
  });
  return {
    ...file,
    /** Looks at the file of this name, following links. */
    look: (at: Operand) => code.call(stat, AT_FDCWD, at, 0),
    /** Looks at an open file. */
    lookAtDescriptor: (descriptor: Operand) =>
      code.call(stat, descriptor, code.text(""), AT_EMPTY_PATH),
  };
}

export type File = ReturnType<typeof defineFile>;

type Fields = Readonly<
  Record<"error" | "dev" | "ino" | "size" | "mtime" | "ctime" | "mode" | "uid", Variable>
>;

function defineByStatx(
  s: State,
  m: Messages,
  file: Fields,
  ...[folder, path, flags]: readonly [Variable, Variable, Variable]
): Procedure {
  const { code } = s;
  const buffer = code.buffer("statx", 256);
  const part = code.variable("statx_part");
  return code.procedure("stat_by_statx", [], () => {
    code.syscall(file.error, "statx", folder, path, flags, STATX_BASIC_STATS, buffer);
    m.ifError(file.error, () => code.return());
    code.set(file.error, 0);
    code.read(file.uid, 4, buffer, 20);
    code.read(file.mode, 2, buffer, 28);
    code.read(file.ino, 8, buffer, 32);
    code.read(file.size, 8, buffer, 40);
    readTime(s, file.ctime, part, buffer, 96);
    readTime(s, file.mtime, part, buffer, 112);
    code.read(file.dev, 4, buffer, 136);
    code.read(part, 4, buffer, 140);
    code.do(file.dev, file.dev, "<<", 32);
    code.do(file.dev, file.dev, "|", part);
  });
}

/** The same by newfstatat, whose struct stat differs between the machines. */
function defineByStat(
  s: State,
  m: Messages,
  file: Fields,
  ...[folder, path, flags]: readonly [Variable, Variable, Variable]
): Procedure {
  const { code } = s;
  const buffer = code.buffer("stat", 144);
  const part = code.variable("stat_part");
  const { st_mode, st_uid } = STAT[s.options.host];
  return code.procedure("stat_by_stat", [], () => {
    code.syscall(file.error, "newfstatat", folder, path, buffer, flags);
    m.ifError(file.error, () => code.return());
    code.set(file.error, 0);
    readDevice(s, file.dev, part, buffer);
    code.read(file.ino, 8, buffer, 8);
    code.read(file.mode, 4, buffer, st_mode);
    code.read(file.uid, 4, buffer, st_uid);
    code.read(file.size, 8, buffer, 48);
    readTime(s, file.mtime, part, buffer, 88);
    readTime(s, file.ctime, part, buffer, 104);
  });
}

/**
 * into = st_dev with major and minor number where statx's have them: the same file is known by
 * either. include/linux/kdev_t.h, new_decode_dev().
 */
function readDevice(s: State, into: Variable, part: Variable, buffer: Address): void {
  const { code } = s;
  const st_dev = code.variable("st_dev");
  code.read(st_dev, 4, buffer);
  code.do(into, st_dev, "<<", 24);
  code.do(into, into, "&", 0xfff_0000_0000);
  code.do(part, st_dev, "&", 0xff);
  code.do(into, into, "|", part);
  code.do(part, st_dev, ">>", 12);
  code.do(part, part, "&", 0xfff00);
  code.do(into, into, "|", part);
}

/** into = seconds × 10⁹ + nanoseconds of the timestamp at `offset`. */
function readTime(
  s: State,
  into: Variable,
  part: Variable,
  buffer: Address,
  offset: number,
): void {
  const { code } = s;
  code.read(part, 8, buffer, offset);
  code.do(into, part, "*", 1_000_000_000);
  code.read(part, 4, buffer, offset + 8);
  code.do(into, into, "+", part);
}
