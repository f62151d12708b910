import type { Read } from "../elf/header.ts";
import type { Host } from "../native/language.ts";

/** The facts of one start of a program. Strings are bytes, as in the kernel. */
export interface Facts {
  /** The path as the kernel gives it. */
  readonly program: Uint8Array;
  readonly argv0: Uint8Array;
  /** The arguments after argv[0]. */
  readonly args: readonly Uint8Array[];
  /** The path with all links resolved. */
  readonly canonical: Uint8Array;
  /** `NAME=value`. */
  readonly env: readonly Uint8Array[];
  /** Empty if it was deleted. */
  readonly cwd: Uint8Array;
  readonly machine: Host;
  /** Bytes. */
  readonly page_size: number;
  /** The effective user's ID. */
  readonly euid: number;
  /** Are descriptors 0, 1 and 2 all terminals? */
  readonly terminal: boolean;
  /** The errno of opening /dev/kvm, or 0. */
  readonly kvm_errno: number;
  /** AT_SECURE: arguments and variables are untrusted. */
  readonly secure: boolean;
  /**
   * A directory with all links resolved; undefined if it is not a directory, or not private to the
   * effective user.
   */
  readonly directory: (path: Uint8Array) => Uint8Array | undefined;
  /** Any path with all links resolved; undefined if it does not exist. */
  readonly realPath: (path: Uint8Array) => Uint8Array | undefined;
  /** Reads the program's file. */
  readonly read: Read;
  /** Opens another file, by a path that can be relative. */
  readonly open: (path: Uint8Array) => Read | "absent" | "unreadable" | "directory";
  /** May a file be executed? */
  readonly executable: (path: Uint8Array) => boolean;
}
