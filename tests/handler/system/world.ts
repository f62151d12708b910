/** A kernel in memory, with what lib/handler/system needs. */
import { readStack } from "../../../lib/handler/caller.ts";
import { type Outside, use } from "../../../lib/handler/outside.ts";
import type { SyscallName } from "../../../lib/native/syscalls.ts";
import { FORMAT_VERSION, HEADER, MAGIC, SOURCE, TABLE_FLAG } from "../../../lib/routes/format.ts";

export interface WorldFile {
  content: Uint8Array;
  mode: number;
  uid: number;
  major: number;
  minor: number;
  ino: bigint;
  /** Nanoseconds since 1970. */
  mtime: bigint;
  ctime: bigint;
}

interface Caller {
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly euid?: number;
}

/** What the child does; it gets the bytes that its standard output's file will have. */
export type Child = (out: string) => Uint8Array | undefined;

const ENOENT = -2;
const ENOSPC = -28;
const EBADF = -9;
const EEXIST = -17;
const ENOTTY = -25;
const ENOSYS = -38;
const STRINGS = 2 ** 40;
const SECOND = 1_000_000_000n;
export const S_IFREG = 0o100000;
export const S_IFDIR = 0o040000;

const encoder = new TextEncoder();
export const bytesOf = (text: string) => encoder.encode(text);
export const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

export class World implements Outside {
  readonly machine = "x86_64";
  readonly stack: number[] = [];
  readonly files = new Map<string, WorldFile>();
  /** Each call, with its name and operands. */
  calls: string[] = [];
  /** Names of system calls that this kernel lacks. */
  readonly unknown = new Set<SyscallName>();
  readonly options: Record<string, Uint8Array> = {
    resolver: bytesOf("/resolver"),
    tables: bytesOf("/run/b"),
    fallbacks: new Uint8Array(0),
  };
  now = 1_000_000n * SECOND;
  /** Descriptors that are terminals. */
  readonly terminals = new Set<number>();
  said = "";
  child: Child = () => undefined;
  /** Is the file system full for the file at this path? */
  isFull: (path: string) => boolean = () => false;
  /** System calls as a test defines them. */
  readonly own: Partial<Record<SyscallName, (args: readonly (number | Uint8Array)[]) => number>> =
    {};
  readonly #open = new Map<number, string>();
  readonly #addresses: Uint8Array[] = [];
  #strings = new Uint8Array(0);

  constructor(caller: Caller = {}) {
    const uid = caller.uid ?? 1000;
    const euid = caller.euid ?? uid;
    const program = caller.program ?? "/program";
    const env = Object.entries(caller.env ?? {}).map(([name, value]) => `${name}=${value}`);
    const auxiliary = [[11, uid], [12, euid], [13, 1000], [14, 1000], [0, 0]].flat();
    const argv = ["/handler", program, program].map((each) => this.#string(each));
    const envp = env.map((each) => this.#string(each));
    this.stack.push(argv.length, ...argv, 0, ...envp, 0, ...auxiliary);
    use(this);
    readStack();
  }

  #string(text: string): number {
    const start = this.#strings.length;
    this.#strings = new Uint8Array([...this.#strings, ...bytesOf(text), 0]);
    return STRINGS + start;
  }

  stringAt(address: number): Uint8Array {
    const rest = this.#strings.subarray(address - STRINGS);
    return rest.subarray(0, rest.indexOf(0));
  }

  addressOf(bytes: Uint8Array): number {
    return this.#addresses.push(bytes);
  }

  /** The strings of an array of addresses. */
  stringsOf(pointers: Uint8Array): string[] {
    const view = new DataView(pointers.buffer, pointers.byteOffset, pointers.length);
    const all: string[] = [];
    for (let i = 0; view.getBigUint64(i, true) !== 0n; i += 8) {
      all.push(textOf(this.#addresses[Number(view.getBigUint64(i, true)) - 1]!));
    }
    return all;
  }

  option(name: string): Uint8Array {
    return this.options[name] ?? new Uint8Array(0);
  }

  map(descriptor: number, _size: number): Uint8Array | undefined {
    return this.files.get(this.#open.get(descriptor) ?? "")?.content.slice();
  }

  write(path: string, content: Uint8Array | string, more: Partial<WorldFile> = {}): WorldFile {
    const file = {
      content: typeof content === "string" ? bytesOf(content) : content,
      ...{ mode: S_IFREG | 0o600, uid: 1000, major: 8, minor: 1 },
      ...{ ino: BigInt(this.files.size + 1), mtime: SECOND, ctime: SECOND },
      ...more,
    };
    this.files.set(path, file);
    return file;
  }

  directory(path: string, more: Partial<WorldFile> = {}): void {
    this.write(path, "", { mode: S_IFDIR | 0o700, ...more });
  }

  syscall(name: SyscallName, args: readonly (number | Uint8Array)[]): number {
    if (this.unknown.has(name)) return ENOSYS;
    const own = this.own[name];
    if (own !== undefined) return own(args);
    const call = this.#calls[name];
    if (call === undefined) throw new Error(`${name} is not known in this world`);
    return call(...args as never[]);
  }

  #note(name: string, path: string): void {
    this.calls.push(`${name} ${path}`);
  }

  #path(directory: number, path: Uint8Array): string {
    const name = textOf(path.subarray(0, -1));
    return directory < 0 ? name : `${this.#open.get(directory)}${name === "" ? "" : `/${name}`}`;
  }

  #stat(
    name: string,
    directory: number,
    path: Uint8Array,
    into: (file: WorldFile) => void,
  ): number {
    const found = this.#path(directory, path);
    this.#note(name, found);
    const file = this.files.get(found);
    if (file === undefined) return ENOENT;
    into(file);
    return 0;
  }

  readonly #calls: { [name in SyscallName]?: (...args: never[]) => number } = {
    statx: (directory: number, path: Uint8Array, _flags: number, _mask: number, into: Uint8Array) =>
      this.#stat("statx", directory, path, (file) => {
        const view = new DataView(into.buffer, into.byteOffset);
        into.fill(0xee);
        view.setUint32(20, file.uid, true);
        view.setUint16(28, file.mode, true);
        view.setBigUint64(32, file.ino, true);
        view.setBigUint64(40, BigInt(file.content.length), true);
        setTime(view, 96, file.ctime);
        setTime(view, 112, file.mtime);
        view.setUint32(136, file.major, true);
        view.setUint32(140, file.minor, true);
      }),
    newfstatat: (directory: number, path: Uint8Array, into: Uint8Array) =>
      this.#stat("newfstatat", directory, path, (file) => {
        const view = new DataView(into.buffer, into.byteOffset);
        into.fill(0xee);
        // include/linux/kdev_t.h, new_encode_dev()
        const dev = file.minor & 0xff | file.major << 8 | (file.minor & ~0xff) << 12;
        view.setBigUint64(0, BigInt(dev >>> 0), true);
        view.setBigUint64(8, file.ino, true);
        view.setUint32(24, file.mode, true);
        view.setUint32(28, file.uid, true);
        view.setBigUint64(48, BigInt(file.content.length), true);
        setTime(view, 88, file.mtime);
        setTime(view, 104, file.ctime);
      }),
    openat: (directory: number, path: Uint8Array, flags: number) => {
      const O_CREAT = 0o100;
      const O_EXCL = 0o200;
      const found = this.#path(directory, path);
      this.#note("openat", found);
      const there = this.files.has(found);
      if (there && (flags & O_EXCL) !== 0) return EEXIST;
      if (!there) {
        if ((flags & O_CREAT) === 0) return ENOENT;
        this.write(found, "", { mtime: this.now, ctime: this.now });
      }
      return this.#give(found);
    },
    memfd_create: (path: Uint8Array) => {
      const name = `memfd:${textOf(path.subarray(0, -1))}`;
      this.#note("memfd_create", name);
      this.write(name, "");
      return this.#give(name);
    },
    close: (descriptor: number) => {
      this.#open.delete(descriptor);
      return 0;
    },
    read: (descriptor: number, into: Uint8Array) => {
      const { content } = this.files.get(this.#open.get(descriptor)!)!;
      into.set(content.subarray(0, into.length));
      return Math.min(content.length, into.length);
    },
    write: (descriptor: number, bytes: Uint8Array) => {
      if (descriptor === 2) {
        this.said += textOf(bytes);
        return bytes.length;
      }
      const path = this.#open.get(descriptor);
      if (path === undefined) return EBADF;
      if (this.isFull(path)) return ENOSPC;
      const file = this.files.get(path)!;
      file.content = new Uint8Array([...file.content, ...bytes]);
      return bytes.length;
    },
    umask: () => 0o22,
    mkdirat: (directory: number, path: Uint8Array, mode: number) => {
      const found = this.#path(directory, path);
      this.#note("mkdirat", found);
      if (this.files.has(found)) return EEXIST;
      if (!this.files.has(found.slice(0, found.lastIndexOf("/")))) return ENOENT;
      this.directory(found, { mode: S_IFDIR | mode });
      return 0;
    },
    unlinkat: (directory: number, path: Uint8Array) => {
      const found = this.#path(directory, path);
      this.#note("unlinkat", found);
      return this.files.delete(found) ? 0 : ENOENT;
    },
    renameat2: (directory: number, from: Uint8Array, _directory: number, to: Uint8Array) => {
      const old = this.#path(directory, from);
      const now = this.#path(directory, to);
      this.#note("renameat2", `${old} ${now}`);
      this.files.set(now, this.files.get(old)!);
      this.files.delete(old);
      return 0;
    },
    fchmod: (descriptor: number, mode: number) => {
      this.files.get(this.#open.get(descriptor)!)!.mode = S_IFREG | mode;
      return 0;
    },
    fsync: () => 0,
    flock: (descriptor: number) => {
      this.#note("flock", this.#open.get(descriptor)!);
      return 0;
    },
    ioctl: (descriptor: number) => this.terminals.has(descriptor) ? 0 : ENOTTY,
    getpid: () => 4711,
    getppid: () => 4711,
    rt_sigaction: () => 0,
    clock_gettime: (_clock: number, into: Uint8Array) => {
      const view = new DataView(into.buffer, into.byteOffset);
      view.setBigUint64(0, this.now / SECOND, true);
      view.setBigUint64(8, this.now % SECOND, true);
      return 0;
    },
    clone: () => {
      this.#note("clone", "");
      const [out] = [...this.#open.values()].filter((path) => /^memfd:/.test(path));
      const content = this.child(out ?? "");
      if (content !== undefined) this.files.get(out!)!.content = content;
      return 1;
    },
    wait4: (_child: number, status: Uint8Array) => {
      status.fill(0);
      return 1;
    },
    exit_group: (status: number) => {
      throw new Exit(status);
    },
  };

  #give(path: string): number {
    let descriptor = 3;
    while (this.#open.has(descriptor)) descriptor++;
    this.#open.set(descriptor, path);
    return descriptor;
  }
}

/** The handler ended. */
export class Exit extends Error {
  constructor(readonly status: number) {
    super(`exit ${status}`);
  }
}

function setTime(view: DataView, offset: number, time: bigint): void {
  view.setBigInt64(offset, BigInt.asIntN(64, (time - modulo(time)) / SECOND), true);
  view.setUint32(offset + 8, Number(modulo(time)), true);
}

function modulo(time: bigint): bigint {
  return ((time % SECOND) + SECOND) % SECOND;
}

export interface Source {
  readonly path: string;
  /** Did the resolver see it? */
  readonly exists: boolean;
}

/** A table with nothing but sources. */
export function tableOfSources(sources: readonly Source[], keep = true): Uint8Array {
  const strings = sources.map(({ path }) => bytesOf(`${path}\0`));
  const stringsAt = HEADER.end + sources.length * SOURCE.end;
  const length = stringsAt + strings.reduce((sum, each) => sum + each.length, 0);
  const table = new Uint8Array(length + MAGIC.length);
  const view = new DataView(table.buffer);
  table.set(bytesOf(MAGIC));
  table.set(bytesOf(MAGIC), length);
  view.setUint32(HEADER.version, FORMAT_VERSION, true);
  view.setUint32(HEADER.size, table.length, true);
  view.setUint32(HEADER.flags, keep ? TABLE_FLAG.KEEP : 0, true);
  view.setUint32(HEADER.sources, HEADER.end, true);
  view.setUint32(HEADER.n_sources, sources.length, true);
  let next = stringsAt;
  sources.forEach(({ exists }, i) => {
    const source = HEADER.end + i * SOURCE.end;
    view.setUint32(source + SOURCE.path, next, true);
    view.setUint32(source + SOURCE.exists, exists ? 1 : 0, true);
    table.set(strings[i]!, next);
    next += strings[i]!.length;
  });
  return table;
}
