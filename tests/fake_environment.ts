/** An Environment in memory: what tests say is there, and nothing else. */
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
  /** Default: "file", and "directory" for what other paths lie below. */
  readonly kind?: FileFacts["kind"];
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
  /** Seconds since 1970. */
  readonly ctime?: number;
  /** It is there, but cannot be read or listed. */
  readonly unreadable?: boolean;
}

export interface FakeSystem {
  /** As `--root` has it: the directory that the files stand in; "" by default. */
  readonly root?: string;
  /** The directory of what packages ship is there, as by default. */
  readonly installed?: boolean;
  readonly files?: Readonly<Record<string, string | FakeFile>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly pageSize?: number;
  readonly machine?: string;
  /** What the handler tells; undefined: there is none. */
  readonly told?: Uint8Array;
  readonly release?: string;
  /** How programs end that are tried, by their paths; others cannot be started. */
  readonly tried?: Readonly<Record<string, Tried>>;
  /** How probes end; by default the kernel knows none. */
  readonly probed?: Tried;
  /** What muvm says of its options. */
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
