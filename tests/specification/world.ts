/**
 * A start of a program in a completely known world, and its explanation. All strings of both have
 * one character for each byte: see byteText().
 */

/** A layer's file. */
export interface LayerFile {
  readonly content: Uint8Array;
  /** It is a link to /dev/null. */
  readonly to_null: boolean;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits. */
  readonly mode: number;
}

/** Absolute path → file, for the places of layers. */
export type Files = ReadonlyMap<string, LayerFile>;

/** The properties that the program's file was built with. */
export interface Built {
  /** Undefined: it is not an ELF file of a known machine. */
  readonly machine: string | undefined;
  /** PT_INTERP; undefined: a static program. */
  readonly loader: string | undefined;
  /** Its program headers are invalid. */
  readonly damaged: boolean;
  /** It is a Windows program with a CLR header. */
  readonly clr: boolean;
}

export interface World {
  /** The path as the kernel gives it. */
  readonly program: string;
  readonly argv0: string;
  readonly args: readonly string[];
  /** The path with all links resolved. */
  readonly canonical: string;
  readonly file: Uint8Array;
  readonly built: Built;
  /** The kernel's own machine. */
  readonly host: string;
  /** The handler was started by hand, not by the kernel. */
  readonly by_hand: boolean;
  /** "" if it was removed. */
  readonly cwd: string;
  /** The caller's environment, with any strings. */
  readonly env: readonly string[];
  /** The directory to which $HOME leads, with all links resolved. */
  readonly home: string | undefined;
  /** Directories that another user can write; only the effective user can write all others. */
  readonly shared: ReadonlySet<string>;
  /** Links of the effective user or root, and their targets. */
  readonly links: ReadonlyMap<string, string>;
  readonly page_size: number;
  /** The handler's own path. */
  readonly handler: string;
  /** Three octal digits. */
  readonly umask: string;
  /** The word for muvm's guest about standard input. */
  readonly input: string;
  readonly terminal: boolean;
  readonly euid: number;
  /** AT_SECURE. */
  readonly secure: boolean;
  /** Existing files and directories, by plain() paths. */
  readonly present: Pick<ReadonlySet<string>, "has">;
  /** Those that are directories. */
  readonly directories: Pick<ReadonlySet<string>, "has">;
  /** Files that are not programs of this machine. */
  readonly foreign: Pick<ReadonlySet<string>, "has">;
  /** Files that the effective user may not execute. */
  readonly unexecutable: Pick<ReadonlySet<string>, "has">;
}

/** Why nothing is started. */
export type Reason =
  | "not a program"
  | "damaged program"
  | "unknown override"
  | "no interpreter"
  | "foreign interpreter"
  | "not executable";

export type Verdict =
  | "usable"
  | "foreign"
  | "not executable"
  /** Why muvm cannot start it. */
  | "root"
  | "no runtime directory"
  | "no home"
  | "variables"
  | "no working directory"
  /** Groups of which no path exists; undefined: a path below an unknown directory. */
  | { readonly missing: readonly (readonly (string | undefined)[])[] }
  /** The program's loader is below none of these. */
  | { readonly no_loader: readonly string[] };

export interface Candidate {
  readonly id: string;
  readonly name: string;
  /** The configured path, with the machine's placeholders filled in. */
  readonly path: string;
  /** muvm's path, if it is started through muvm. */
  readonly muvm: string | undefined;
  readonly verdict: Verdict;
}

/** The first item of argv is executed. */
export interface Command {
  readonly argv: readonly string[];
  readonly env: readonly string[];
}

export type Outcome = Command | { readonly status: number; readonly reason: Reason };

/** What `explain` says of a start. */
export interface Explanation {
  /** The program's machine or format; undefined if it is unknown. */
  readonly kind: string | undefined;
  /** The rule that matched; by_links: only with its links followed. */
  readonly rule:
    | { readonly id: string; readonly path: string; readonly by_links: boolean }
    | undefined;
  /** The candidates for this linkage and page size, in the order of preference. */
  readonly candidates: readonly Candidate[];
  readonly outcome: Outcome;
}

/** The value of a variable's first entry. */
export function variable({ env, secure }: World, name: string): string | undefined {
  if (secure) return undefined;
  return env.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The same for a directory; a value that is not an absolute path counts as unset. */
export function directory(world: World, name: string): string | undefined {
  const value = variable(world, name);
  return value?.startsWith("/") ? value : undefined;
}

/**
 * The effective user's home with its links resolved; undefined if HOME is another user's. Root's is
 * always /root.
 */
export function ownHome(world: World): string | undefined {
  if (world.secure) return undefined;
  const home = world.euid === 0 ? "/root" : directory(world, "HOME") && world.home;
  return home === undefined || world.shared.has(home) ? undefined : home;
}

/** The directory that an XDG_* variable names; for root they have no effect. */
export function xdgDirectory(world: World, name: string): string | undefined {
  return world.euid === 0 ? undefined : directory(world, name);
}

/** A path without repeated slashes. */
export function plain(path: string): string {
  return path.replaceAll(/\/+/g, "/");
}
