/** The interface to the operating system, which tests replace. */
import type { Result } from "./failure.ts";

/** The used fields of stat. */
export interface FileFacts {
  readonly kind: "file" | "directory" | "other";
  /** Bytes. */
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, as in chmod. */
  readonly mode: number;
  /** The last change of content or inode, in seconds since 1970. */
  readonly ctime: number;
}

/** The used fields of lstat. */
export interface LinkFacts {
  readonly isLink: boolean;
  readonly uid: number;
}

/** The content and facts of one open file. */
export interface OpenedFile {
  readonly facts: FileFacts;
  readonly bytes: Uint8Array;
}

/** "unreadable": it exists, but cannot be accessed. */
export type Absence = "absent" | "unreadable";

/** How a tried program ended. */
export interface Tried {
  /** The errno of a failed start, or 0. */
  readonly errno: number;
  readonly status: number;
  /** The signal that killed it: SIGALRM after ten seconds. */
  readonly signal: string | null;
}

export interface Environment {
  /** The root that paths are relative to; "" for that of the running system. */
  readonly root: string;
  /** Reads up to `limit` bytes from `offset`; fewer at the end of the file. */
  read(path: string, offset: number, limit: number): Uint8Array | Absence;
  /** The same from the beginning, with facts of the very file that was read. */
  readOpened(path: string, limit: number): OpenedFile | Absence;
  /** Follows links. */
  stat(path: string): FileFacts | Absence;
  /** Does not follow links. */
  lstat(path: string): LinkFacts | Absence;
  /** A symbolic link's target; undefined if it is not a link. */
  readLink(path: string): string | undefined;
  /** At most `limit` names in a directory, sorted by code point. */
  list(path: string, limit: number): string[] | Absence;
  /** The path with all links resolved, or undefined if it does not exist. */
  realPath(path: string): string | undefined;
  /** An environment variable, if it is set and may be read. */
  variable(name: string): string | undefined;
  /** The effective user's ID. */
  uid(): number;
  /** The running kernel's page size in bytes. */
  pageSize(): number;
  /** `uname -r` of the running kernel. */
  kernelRelease(): string;
  /** The host's machine, x86_64 or aarch64. For another root, its programs tell which. */
  machine(): string;
  /** Undefined if it was deleted or its name is not UTF-8. */
  workingDirectory(): string | undefined;
  /** The facts of the errand `tell`: lib/handler/system/tell.ts. */
  askHandler(paths: readonly string[]): Result<Uint8Array>;
  /**
   * Starts a program by its absolute path, without rights, input and output, and for ten seconds at
   * most: lib/handler/system/try_start.ts.
   */
  tryStart(argv: readonly string[]): Promise<Result<Tried>>;
  /** The same for a program in memory, which an entry of binfmt_misc must match. */
  tryProbe(program: Uint8Array): Promise<Result<Tried>>;
  /** The output of `muvm --help`. */
  askMuvm(path: string): Promise<Result<string>>;
  /** Is descriptor 0, 1 or 2 a terminal? */
  isTerminal(descriptor: 0 | 1 | 2): boolean;
}
