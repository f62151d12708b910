import type { Read } from "../elf/header.ts";
import { AT, AT_FLAGS_PRESERVE_ARGV0 } from "../handler/caller.ts";
import {
  EACCES,
  EINVAL,
  EISDIR,
  ENOENT,
  O_DIRECTORY,
  O_PATH,
  TCGETS,
  X_OK,
} from "../handler/linux.ts";
import type { OptionName } from "../handler/options.ts";
import type { Outside } from "../handler/outside.ts";
import { S_IFDIR, STATX } from "../handler/system/file.ts";
import type { SyscallName } from "../native/syscalls.ts";
import { HANDLER, RESOLVER, SYSTEM_TABLES } from "../paths.ts";
import { KVM } from "../handler/decide/muvm.ts";
import type { Facts } from "./facts.ts";

/** Thrown when the handler exits. */
export class End extends Error {
  constructor(readonly status: number) {
    super(`the handler ends with ${status}`);
  }
}

/** st_mode of a directory that is private to the caller. */
const OWN_DIRECTORY = S_IFDIR | 0o700;
const USUAL_UMASK = 0o022;
const ENOTTY = -25;
const ENODATA = -61;
const ENOSYS = -38;

/**
 * Descriptors of the program, a private directory of the caller, /dev/null, another directory, a
 * path (O_PATH), and the first of the other files.
 */
const PROGRAM = 3;
const OWN = 4;
const NULL = 5;
const DIRECTORY = 6;
const PATH = 7;
const OTHERS = 8;

/** The distance between the addresses of strings. */
const DISTANCE = 2 ** 32;
const WORD = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Args = readonly (number | Uint8Array)[];

/** A kernel that has started the handler for a program and answers system calls from facts. */
export class FactsKernel implements Outside {
  readonly machine: Facts["machine"];
  readonly stack: readonly number[];
  /** The handler's output. */
  said = "";
  readonly #facts: Facts;
  readonly #strings: Uint8Array[] = [];
  readonly #opened: Read[] = [];
  #directory: Uint8Array | undefined;
  #path: Uint8Array | undefined;

  constructor(facts: Facts) {
    this.#facts = facts;
    this.machine = facts.machine;
    const argv = [encoder.encode(HANDLER), facts.program, facts.argv0, ...facts.args];
    const strings = (all: readonly Uint8Array[]) => [...all.map((each) => this.addressOf(each)), 0];
    const auxv = [
      ...[AT.EXECFD, PROGRAM, AT.PAGESZ, facts.page_size, AT.FLAGS, AT_FLAGS_PRESERVE_ARGV0],
      ...[AT.UID, facts.euid, AT.EUID, facts.euid, AT.SECURE, facts.secure ? 1 : 0, 0, 0],
    ];
    this.stack = [argv.length, ...strings(argv), ...strings(facts.env), ...auxv];
  }

  addressOf(bytes: Uint8Array): number {
    return this.#strings.push(bytes.slice()) * DISTANCE;
  }

  stringAt(address: number): Uint8Array {
    const string = this.#strings[Math.floor(address / DISTANCE) - 1];
    if (string === undefined) throw new RangeError(`no string stands at ${address}`);
    return string.subarray(address % DISTANCE);
  }

  /** The strings of an array of addresses. */
  stringsOf(addresses: Uint8Array): Uint8Array[] {
    const view = new DataView(addresses.buffer, addresses.byteOffset, addresses.length);
    const strings: Uint8Array[] = [];
    for (let at = 0;; at += WORD) {
      const address = Number(view.getBigUint64(at, true));
      if (address === 0) return strings;
      strings.push(this.stringAt(address));
    }
  }

  map(): Uint8Array | undefined {
    return undefined;
  }

  /** The options of the installed handler. */
  option(name: OptionName): Uint8Array {
    const paths: Partial<Record<OptionName, string>> = {
      resolver: RESOLVER,
      tables: SYSTEM_TABLES,
    };
    return encoder.encode(paths[name] ?? "");
  }

  syscall(name: SyscallName, args: Args): number {
    const { cwd, euid, terminal } = this.#facts;
    const bytes = (i: number) => args[i] as Uint8Array;
    switch (name) {
      case "openat":
        return this.#openAt(cString(bytes(1)), args[2] as number);
      case "pread64":
        if (args[0] === DIRECTORY) return EISDIR;
        return fill(bytes(1), this.#read(args[0] as number, args[3] as number, bytes(1).length));
      case "readlinkat":
        return this.#readLink(decoder.decode(cString(bytes(1))), bytes(2));
      case "statx":
        if (args[0] === PROGRAM) return 0;
        if (args[0] === OWN) return fillStatx(bytes(4), euid);
        return this.#facts.open(cString(bytes(1))) === "absent" ? ENOENT : 0;
      case "getcwd":
        return cwd.length === 0 ? ENOENT : fill(bytes(0), new Uint8Array([...cwd, 0]));
      case "ioctl":
        // A terminal, in whose foreground the caller always is.
        return terminal && args[1] === TCGETS ? 0 : ENOTTY;
      case "fgetxattr":
        return ENODATA;
      case "write":
        this.said += decoder.decode(bytes(1));
        return bytes(1).length;
      case "exit_group":
        throw new End(args[0] as number);
      case "umask":
        return USUAL_UMASK;
      case "faccessat2":
        if (decoder.decode(cString(bytes(1))) === KVM) return -this.#facts.kvm_errno;
        if (args[2] !== X_OK) return 0;
        return this.#facts.executable(cString(bytes(1))) ? 0 : EACCES;
      // epoll accepts standard input, which has no input yet.
      case "epoll_create1":
      case "epoll_ctl":
      case "ppoll":
      case "close":
        return 0;
    }
    return ENOSYS;
  }

  #openAt(path: Uint8Array, flags: number): number {
    if ((flags & O_DIRECTORY) !== 0) {
      this.#directory = this.#facts.directory(path);
      return this.#directory === undefined ? ENOENT : OWN;
    }
    if ((flags & O_PATH) !== 0) {
      this.#path = this.#facts.realPath(path);
      return this.#path === undefined ? ENOENT : PATH;
    }
    if (decoder.decode(path) === "/dev/null") return NULL;
    const opened = this.#facts.open(path);
    if (opened === "directory") return DIRECTORY;
    if (typeof opened === "string") return opened === "absent" ? ENOENT : EACCES;
    return OTHERS + this.#opened.push(opened) - 1;
  }

  /** Reads links in /proc/self/fd. */
  #readLink(path: string, into: Uint8Array): number {
    const descriptor = /^\/proc\/self\/fd\/(\d+)$/.exec(path)?.[1];
    const paths = new Map([
      [PROGRAM, this.#facts.canonical],
      [OWN, this.#directory],
      [PATH, this.#path],
    ]);
    const target = descriptor === undefined ? undefined : paths.get(Number(descriptor));
    return target === undefined ? EINVAL : fill(into, target);
  }

  #read(descriptor: number, offset: number, limit: number): Uint8Array {
    const read = descriptor === PROGRAM ? this.#facts.read : this.#opened[descriptor - OTHERS];
    return read?.(offset, limit) ?? new Uint8Array();
  }
}

/** A path without its zero byte. */
function cString(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.indexOf(0));
}

function fillStatx(into: Uint8Array, uid: number): number {
  const view = new DataView(into.buffer, into.byteOffset, into.length);
  view.setUint32(STATX.uid, uid, true);
  view.setUint16(STATX.mode, OWN_DIRECTORY, true);
  return 0;
}

/** Copies as many bytes as fit; returns their number. */
function fill(into: Uint8Array, what: Uint8Array): number {
  const part = what.subarray(0, into.length);
  into.set(part);
  return part.length;
}
