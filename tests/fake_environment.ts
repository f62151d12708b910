/** An Environment in memory that has only what a test gives. */
import type {
  Absence,
  Environment,
  FileFacts,
  LinkFacts,
  OpenedFile,
  Tried,
} from "../lib/environment.ts";
import { failed, type Result, success } from "../lib/failure.ts";
import { VENDOR_LAYERS } from "../lib/paths.ts";

/** A file, directory or link; a string is a file's content. */
export interface FakeFile {
  readonly content?: string | Uint8Array;
  /** Where a symbolic link points: an absolute path. */
  readonly link?: string;
  /** By default "file", and "directory" for a path with others below it. */
  readonly kind?: FileFacts["kind"];
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
  /** Seconds since 1970. */
  readonly ctime?: number;
  /** It exists, but cannot be read or listed. */
  readonly unreadable?: boolean;
}

export interface FakeSystem {
  /** The directory of `--root`, below which the files are; "" by default. */
  readonly root?: string;
  /** Whether the directory of the packages' layers exists; true by default. */
  readonly installed?: boolean;
  readonly files?: Readonly<Record<string, string | FakeFile>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly pageSize?: number;
  readonly machine?: string;
  /** The handler's answer; undefined: there is no handler. */
  readonly told?: Uint8Array;
  readonly release?: string;
  /** The outcomes of tried programs, by path; others cannot be started. */
  readonly tried?: Readonly<Record<string, Tried>>;
  /** The outcome of a probe; by default the kernel does not know its format. */
  readonly probed?: Tried;
  /** The output of `muvm --help`. */
  readonly muvmHelp?: string;
  /** Descriptors that are terminals; none by default. */
  readonly terminals?: readonly number[];
}

const NO_HANDLER = { code: "internal", what: "ask", why: "the handler is not installed" } as const;

export class FakeEnvironment implements Environment {
  readonly root: string;
  readonly #files = new Map<string, FakeFile>();
  readonly #system: FakeSystem;
  /** Paths whose content was read, in order. */
  readonly reads: string[] = [];

  constructor(system: FakeSystem = {}) {
    this.#system = system;
    this.root = system.root ?? "";
    this.#files.set("/", { kind: "directory" });
    this.#files.set("/dev/null", { kind: "other", mode: 0o666 });
    if (system.installed !== false) {
      for (const path of ["/usr", "/usr/lib", VENDOR_LAYERS]) {
        this.#files.set(path, { kind: "directory", mode: 0o755 });
      }
    }
    const given = Object.entries(system.files ?? {});
    for (const [path] of given) {
      for (let end = path.indexOf("/", 1); end !== -1; end = path.indexOf("/", end + 1)) {
        this.#files.set(path.slice(0, end), { kind: "directory", mode: 0o755 });
      }
    }
    for (const [path, file] of given) {
      this.#files.set(path, typeof file === "string" ? { content: file } : file);
    }
  }

  /** The file at a path, links followed. */
  #find(path: string): FakeFile | undefined {
    const real = this.realPath(path);
    return real === undefined ? undefined : this.#files.get(real);
  }

  read(path: string, offset: number, limit: number): Uint8Array | Absence {
    this.reads.push(path);
    const file = this.#find(path);
    if (file === undefined) return "absent";
    if (file.unreadable || (file.kind ?? "file") !== "file") return "unreadable";
    const { content = "" } = file;
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    return bytes.slice(offset, offset + limit);
  }

  readOpened(path: string, limit: number): OpenedFile | Absence {
    const bytes = this.read(path, 0, limit);
    const facts = this.stat(path);
    if (typeof bytes === "string") return bytes;
    return typeof facts === "string" ? facts : { facts, bytes };
  }

  stat(path: string): FileFacts | Absence {
    const file = this.#find(path);
    if (file === undefined) return "absent";
    const kind = file.kind ?? "file";
    const { content = "", uid = 0, gid = 0, mode = kind === "directory" ? 0o755 : 0o644 } = file;
    const size = typeof content === "string"
      ? new TextEncoder().encode(content).length
      : content.length;
    return { kind, size, uid, gid, mode, ctime: file.ctime ?? 0 };
  }

  lstat(path: string): LinkFacts | Absence {
    const file = this.#files.get(path);
    return file === undefined ? "absent" : { isLink: file.link !== undefined, uid: file.uid ?? 0 };
  }

  readLink(path: string): string | undefined {
    return this.#files.get(path)?.link;
  }

  list(path: string, limit: number): string[] | Absence {
    const directory = this.#find(path);
    if (directory === undefined) return "absent";
    if (directory.unreadable || directory.kind !== "directory") return "unreadable";
    const start = path.endsWith("/") ? path : `${path}/`;
    const names = [...this.#files.keys()].filter((each) => each.startsWith(start))
      .map((each) => each.slice(start.length)).filter((name) => name !== "" && !name.includes("/"));
    return names.sort().slice(0, limit);
  }

  realPath(path: string): string | undefined {
    let at = path.replaceAll(/\/+/g, "/");
    for (let links = 0; links < 40; links++) {
      const link = this.#files.get(at)?.link;
      if (link === undefined) return this.#files.has(at) ? at : undefined;
      at = link;
    }
    return undefined;
  }

  variable(name: string): string | undefined {
    return this.#system.variables?.[name];
  }

  uid(): number {
    return this.#system.uid ?? 0;
  }

  pageSize(): number {
    return this.#system.pageSize ?? 4096;
  }

  kernelRelease(): string {
    return this.#system.release ?? "6.12.0";
  }

  machine(): string {
    return this.#system.machine ?? "aarch64";
  }

  askHandler(): Result<Uint8Array> {
    const { told } = this.#system;
    return told === undefined ? failed(NO_HANDLER) : success(told);
  }

  tryStart([program = ""]: readonly string[]): Promise<Result<Tried>> {
    const { told, tried } = this.#system;
    if (told === undefined) return Promise.resolve(failed(NO_HANDLER));
    const ENOENT = 2;
    return Promise.resolve(success(tried?.[program] ?? { errno: ENOENT, status: 0, signal: null }));
  }

  tryProbe(): Promise<Result<Tried>> {
    const { told, probed } = this.#system;
    if (told === undefined) return Promise.resolve(failed(NO_HANDLER));
    const ENOEXEC = 8;
    return Promise.resolve(success(probed ?? { errno: ENOEXEC, status: 0, signal: null }));
  }

  askMuvm(): Promise<Result<string>> {
    return Promise.resolve(success(this.#system.muvmHelp ?? ""));
  }

  workingDirectory(): string {
    return "/";
  }

  isTerminal(descriptor: 0 | 1 | 2): boolean {
    return this.#system.terminals?.includes(descriptor) ?? false;
  }
}
