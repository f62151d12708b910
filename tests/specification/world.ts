/**
 * One start of a program in a world that is known completely, and what becomes of it. All strings
 * of a world and of what is told have one character for each byte: see byteText().
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

/** Absolute path → file: all that stands where layers are looked for. */
export type Files = ReadonlyMap<string, LayerFile>;

/** What the program's file was built to be. */
export interface Built {
  /** Undefined: it is no ELF file of a machine that has a name. */
  readonly machine: string | undefined;
  /** PT_INTERP; undefined: a static program. */
  readonly loader: string | undefined;
  /** Its program headers lead nowhere. */
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
  /** "" where it is gone. */
  readonly cwd: string;
  /** The caller's environment: any strings. */
  readonly env: readonly string[];
  /** The directory that $HOME leads to, with all links resolved. */
  readonly home: string | undefined;
  /**
   * Directories, by that name, that others than the effective user can write; all else is theirs.
   */
  readonly shared: ReadonlySet<string>;
  /** What each link holds that is there; the effective user or root made them. */
  readonly links: ReadonlyMap<string, string>;
  readonly page_size: number;
  /** The handler's own path. */
  readonly handler: string;
  /** Three octal digits. */
  readonly umask: string;
  /** What muvm's guest is told of standard input. */
  readonly input: string;
  readonly terminal: boolean;
  readonly euid: number;
  /** AT_SECURE. */
  readonly secure: boolean;
  /** Files and directories that are there, without a slash too many. */
  readonly present: Pick<ReadonlySet<string>, "has">;
  /** Those that are directories. */
  readonly directories: Pick<ReadonlySet<string>, "has">;
  /** Those of the files that are no programs of this machine. */
  readonly foreign: Pick<ReadonlySet<string>, "has">;
  /** Those of the files that the effective user may not execute. */
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
  /** What muvm cannot work with. */
  | "root"
  | "no runtime directory"
  | "no home"
  | "variables"
  | "no working directory"
  /** Groups of which no path exists; undefined is a path below a directory that nothing tells. */
  | { readonly missing: readonly (readonly (string | undefined)[])[] }
  /** The program's loader is below none of these. */
  | { readonly no_loader: readonly string[] };

export interface Candidate {
  readonly id: string;
  readonly name: string;
  /** As it is configured, but for the machine's words. */
  readonly path: string;
  /** muvm's path, where it is started through that. */
  readonly muvm: string | undefined;
  readonly verdict: Verdict;
}

/** argv's first item is what is executed. */
export interface Command {
  readonly argv: readonly string[];
  readonly env: readonly string[];
}

export type Outcome = Command | { readonly status: number; readonly reason: Reason };

export interface Told {
  /** The program's machine or format; undefined where that is not known. */
  readonly kind: string | undefined;
  /** The rule that matched; by_links: not as it is written. */
  readonly rule:
    | { readonly id: string; readonly path: string; readonly by_links: boolean }
    | undefined;
  /** Those for programs of this linkage and for this page size, in the order of preference. */
  readonly candidates: readonly Candidate[];
  readonly outcome: Outcome;
}

/** The value of a variable; the first counts. */
export function variable({ env, secure }: World, name: string): string | undefined {
  if (secure) return undefined;
  return env.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The same of a directory; what is no absolute path counts as unset. */
export function directory(world: World, name: string): string | undefined {
  const value = variable(world, name);
  return value?.startsWith("/") ? value : undefined;
}

/**
 * The effective user's home as it really is; undefined where HOME says another's. Root's is /root,
 * whatever HOME says.
 */
export function ownHome(world: World): string | undefined {
  if (world.secure) return undefined;
  const home = world.euid === 0 ? "/root" : directory(world, "HOME") && world.home;
  return home === undefined || world.shared.has(home) ? undefined : home;
}

/** The directory that one of XDG_* names, which root is not asked about. */
export function xdgDirectory(world: World, name: string): string | undefined {
  return world.euid === 0 ? undefined : directory(world, name);
}

/** A path without a slash too many. */
export function plain(path: string): string {
  return path.replaceAll(/\/+/g, "/");
}
