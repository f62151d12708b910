/** The interface to the operating system, which tests replace. */
import type { Result } from "./failure.ts";

/** What stat says of a file, as far as we ask. */
export interface FileFacts {
  readonly kind: "file" | "directory" | "other";
  /** Bytes. */
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, as in chmod. */
  readonly mode: number;
  /** When its content or what stat says last changed, in seconds since 1970. */
  readonly ctime: number;
}

/** What lstat says of it. */
export interface LinkFacts {
  readonly isLink: boolean;
  readonly uid: number;
}

/** A file as it was when it was open. */
export interface OpenedFile {
  readonly facts: FileFacts;
  readonly bytes: Uint8Array;
}

/** "absent": it does not exist. "unreadable": it does, but cannot be looked at. */
export type Absence = "absent" | "unreadable";

/** How a program ended that was only tried. */
export interface Tried {
  /** Why there was no start: errno, or 0. */
  readonly errno: number;
  readonly status: number;
  /** Of its death; it gets SIGALRM after some seconds. */
  readonly signal: string | null;
}

export interface Environment {
  /** Another root to read below ("" for the real one); paths in and out are without it. */
  readonly root: string;
  /** Reads up to `limit` bytes from `offset`; fewer at the end of the file. */
  read(path: string, offset: number, limit: number): Uint8Array | Absence;
  /**
   * The same from the beginning, with what is said of the very file that was read: another one may
   * have its name by now.
   */
  readOpened(path: string, limit: number): OpenedFile | Absence;
  /** Follows links. */
  stat(path: string): FileFacts | Absence;
  /** Of a link itself. */
  lstat(path: string): LinkFacts | Absence;
  /** Where a symbolic link points, or undefined if it is not a link. */
  readLink(path: string): string | undefined;
  /** Names in a directory, sorted by code point; never more than `limit`. */
  list(path: string, limit: number): string[] | Absence;
  /** The path with all links resolved, or undefined if it does not exist. */
  realPath(path: string): string | undefined;
  /** An environment variable, if it is set and we may read it. */
  variable(name: string): string | undefined;
  /** The effective user's id. */
  uid(): number;
  /** Bytes per page of the running kernel. */
  pageSize(): number;
  /** The running kernel's, as in `uname -r`. */
  kernelRelease(): string;
  /** x86_64 or aarch64: what its kernel runs itself. Another root's programs tell which. */
  machine(): string;
  /** Undefined if its name is not UTF-8: Deno cannot give it. */
  workingDirectory(): string | undefined;
  /** What the installed handler tells of the kernel and of paths: lib/handler/system/tell.ts. */
  askHandler(paths: readonly string[]): Result<Uint8Array>;
  /**
   * Starts a program by its absolute path to see how it ends: without rights, input and output, and
   * not for ever. lib/handler/system/try_start.ts does it.
   */
  tryStart(argv: readonly string[]): Promise<Result<Tried>>;
  /** The same for a program that there is no file of, by an entry of binfmt_misc. */
  tryProbe(program: Uint8Array): Promise<Result<Tried>>;
  /** What muvm, by its absolute path, says of its options. */
  askMuvm(path: string): Promise<Result<string>>;
  /** Is descriptor 0, 1 or 2 a terminal? */
  isTerminal(descriptor: 0 | 1 | 2): boolean;
}
