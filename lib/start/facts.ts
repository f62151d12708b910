import type { Read } from "../elf/header.ts";
import type { Host } from "../native/language.ts";

/** The facts of one start of a program. All strings are bytes, as in the kernel. */
export interface Facts {
  /** The path as the kernel gives it. */
  readonly program: Uint8Array;
  readonly argv0: Uint8Array;
  /** The program's own arguments, argv[0] not among them. */
  readonly args: readonly Uint8Array[];
  /** The path with all links resolved. */
  readonly canonical: Uint8Array;
  /** `NAME=value`. */
  readonly env: readonly Uint8Array[];
  /** Empty if it was deleted. */
  readonly cwd: Uint8Array;
  /** What the kernel runs itself. */
  readonly machine: Host;
  /** Bytes. */
  readonly page_size: number;
  /** The effective user's id. */
  readonly euid: number;
  /** Are descriptors 0, 1 and 2 all terminals? */
  readonly terminal: boolean;
  /** Why the user may not open /dev/kvm: errno, or 0. */
  readonly kvm_errno: number;
  /** AT_SECURE: nothing that the caller says is trusted. */
  readonly secure: boolean;
  /**
   * A directory with all links resolved; undefined if it is not a directory, or not private to the
   * effective user.
   */
  readonly directory: (path: Uint8Array) => Uint8Array | undefined;
  /** Any path with all links resolved; undefined if it does not exist. */
  readonly realPath: (path: Uint8Array) => Uint8Array | undefined;
  /** Of the program's file. */
  readonly read: Read;
  /** Another file, by an absolute path or one from the working directory. */
  readonly open: (path: Uint8Array) => Read | "absent" | "unreadable" | "directory";
  /** May such a file be executed? */
  readonly executable: (path: Uint8Array) => boolean;
}
