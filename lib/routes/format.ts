/**
 * The route table's format: the one description that its writer, its reader and the native handler
 * share.
 *
 * Numbers are little-endian u32 unless stated otherwise. Offsets count from the table's start; an
 * offset of numbers is a multiple of 4, and offset 0 means "none". Strings end in a zero byte.
 * docs/table.md draws the format.
 */

/** First and last eight bytes of a table: they reveal a torn write. */
export const MAGIC = "BDroutes";

/** Also part of the file's name, so that an old handler and a new one never share a table. */
export const FORMAT_VERSION = 3;

/** Bytes; a larger table is refused by writer, reader and handler. */
export const MAX_TABLE_SIZE = 16 * 1024 * 1024;

/**
 * Header fields, by byte offset. `n` fields count the entries at the offset before them.
 */
export const HEADER = {
  magic: 0,
  version: 8,
  /** Of the whole table, trailer included. */
  size: 12,
  flags: 16,
  /** The page size that candidates under PAGES_FIT need. */
  page_size: 20,
  /** Number of targets of a choice: one per machine and format. */
  targets: 24,
  /** String: the user's configuration file it was compiled from; 0 in a system table. */
  key: 28,
  sources: 32,
  n_sources: 36,
  kinds: 40,
  n_kinds: 44,
  /** What exact paths and directories lead to. */
  paths: 48,
  n_paths: 52,
  globs: 56,
  n_globs: 60,
  rules: 64,
  n_rules: 68,
  /** For each choice `targets` list offsets, 0 for an empty list. */
  choices: 72,
  ids: 76,
  n_ids: 80,
  /** n strings: variables that are never forwarded, a trailing * stands for any rest. */
  never_forward: 84,
  n_never_forward: 88,
  /** targets strings: what to call a target's programs. */
  target_names: 92,
  /** String: a message to show once, on a terminal, after the table was compiled; or 0. */
  notice: 96,
  /** Rules' paths below the home directory, by where their links lead. */
  homes: 100,
  n_homes: 104,
  links: 108,
  n_links: 112,
  end: 116,
} as const;

/** Header flags. */
export const TABLE_FLAG = {
  /** Every existing layer was read completely, so the table may be kept. */
  KEEP: 1,
  /**
   * At least one rule's path begins with `~/`: rules are also matched against `~` + the path below
   * HOME.
   */
  HOME_RULES: 2,
} as const;

/**
 * A source: its path, and whether it exists, at first as its writer saw it: a table does not hold
 * if a source came or went after that. The handler fills in the rest, byte by byte as statx gives
 * it; for an absent source it is zero.
 */
export const SOURCE = {
  path: 0,
  exists: 4,
  dev_major: 8,
  dev_minor: 12,
  /** Eight bytes, like all that follow except the nanoseconds, which have four. */
  ino: 16,
  size: 24,
  mtime: 32,
  mtime_nsec: 40,
  ctime: 48,
  ctime_nsec: 56,
  end: 64,
} as const;

/**
 * A place that a rule's path leads through: its path, and the link's target as a string; 0 if it
 * is not a link. If that changes, the rules' paths may lead elsewhere.
 */
export const LINK = { path: 0, target: 4, end: 8 } as const;

/** A kind of program file. The first kind that matches is the program's. */
export const KIND = {
  /** String without its dot; or 0, and the magic decides. */
  extension: 0,
  /** The magic's offset in the file. */
  offset: 4,
  /** Number of bytes of magic and mask. */
  size: 8,
  magic: 12,
  mask: 16,
  probe: 20,
  target: 24,
  /** The target if the CLR probe finds a .NET program. */
  clr_target: 28,
  end: 32,
} as const;

export const PROBE = { NONE: 0, PT_INTERP: 1, CLR: 2 } as const;

/**
 * An exact path, or a directory, which ends in `/` and matches everything that begins with it.
 * They are sorted by their bytes. Of all entries that match a path, the longest has the lowest
 * rank: entries that a shorter one would hide are left out. Entry 0 means "none".
 */
export const PATH = {
  /** The lower one wins: rankOf(). */
  rank: 0,
  /** Bytes, and how many; the bytes of all entries are one after another. */
  text: 4,
  size: 8,
  /** The longest directory around it, an entry before it; 0: none. */
  around: 12,
  end: 16,
} as const;

/**
 * Ranks what matches a rule: its path as written comes before its path with the links in its
 * literal part resolved. Rules are counted from 1, in order of precedence.
 */
export function rankOf(rule: number, byLinks: boolean): number {
  return 2 * rule + (byLinks ? 1 : 0);
}

export function ruleOf(rank: number): number {
  return rank >>> 1;
}

export function isByLinks(rank: number): boolean {
  return (rank & 1) === 1;
}

/** A pattern, in order of precedence. */
export const GLOB = {
  rank: 0,
  /** Its bytes, some of them GLOB_BYTEs, and how many. */
  code: 4,
  size: 8,
  /** Its first four bytes, with which a path must begin; 0 if one of them is special. */
  start: 12,
  end: 16,
} as const;

/**
 * A rule's path below the home directory, in two parts; the links in the first must be followed.
 * Entries are sorted by that part, then by rank.
 */
export const HOME = {
  rank: 0,
  /** String: the path below the home directory, with a leading slash. */
  part: 4,
  /** What the rest of the path must match: bytes as in a GLOB, and how many. */
  code: 8,
  size: 12,
  end: 16,
} as const;

/** The special characters of a pattern, as bytes that UTF-8 never contains. */
export const GLOB_BYTE = {
  /** `?`: one byte, not `/`. */
  ANY: 0xf5,
  /** `[a-z]`: one byte in any of n ranges; n, then the first and the last byte of each. */
  CLASS: 0xf6,
  /** `*`: any bytes but `/`. */
  STAR: 0xf7,
  /** `**`: any bytes. */
  STARS: 0xf8,
  /** What follows the first `/` of `/**` + `/`: nothing, or any bytes up to a `/`. */
  DIRECTORIES: 0xf9,
} as const;

/**
 * Bytes of all patterns and their entries together, those below the home directory included. They
 * are matched one by one, in at most this many steps for each byte of the path.
 */
export const MAX_GLOBS_SIZE = 32 * 1024;

/** Bytes of all paths and patterns and their entries together. */
export const MAX_PATHS_SIZE = MAX_TABLE_SIZE / 2;

/**
 * A rule, in order of precedence (lower wins); rule 0 is "no rule": the machines' and the default's
 * lists, always choice 0.
 */
export const RULE = { choice: 0, name: 4, end: 8 } as const;

/** An interpreter's ID: a string and `targets` list offsets (0: target not supported). */
export const ID = { name: 0, lists: 4 } as const;

/** A list: n, then n candidate offsets. */
export const LIST = { n: 0, candidates: 4 } as const;

/** A candidate: one interpreter and path, direct or through muvm, considered for a program. */
export const CANDIDATE = {
  /** WHEN bits, which must all hold. */
  when: 0,
  /** String: the interpreter's name, shown to people. */
  name: 4,
  /** String: the interpreter's ID. */
  id: 8,
  /** String: the interpreter's own path (also through muvm). */
  path: 12,
  /** String: muvm's path, or 0. The program to execute is argv's first item. */
  muvm: 16,
  /** n, then n groups: each m, then m path templates. One of each group must exist. */
  requirements: 20,
  /** How many of the last groups are for dynamic programs only. */
  dynamic: 24,
  /**
   * n, then n strings: a dynamic program's loader must exist below one of them; n = 0: not checked.
   * `$NAME` is the variable's value, and does not count if it is unset or empty.
   */
  sysroots: 28,
  argv: 32,
  env: 36,
  /** String: the command that installs it, such as `dnf install fex-emu`; or 0. */
  install: 40,
  end: 44,
} as const;

export const WHEN = {
  STATIC: 1,
  DYNAMIC: 2,
  /** The running kernel's page size is the table's. */
  PAGES_FIT: 4,
  PAGES_DIFFER: 8,
} as const;

/**
 * A template: literal bytes and markers; a zero byte ends an item, END the template. Markers are
 * bytes that UTF-8 never contains, and TOML is UTF-8, so no literal can be mistaken for one.
 */
export const MARKER = {
  /** The program's path, as the kernel gave it. */
  PROGRAM: 0xf5,
  ARGV0: 0xf6,
  /**
   * The program's path, made absolute from the working directory, as muvm's guest sees it (/run/X
   * is /run/muvm-host/run/X there). The canonical path, if only that shows that it is below /run.
   */
  ABSOLUTE: 0xf7,
  /**
   * A whole item: the handler's own path, and its first arguments in muvm's guest. The items after
   * it are encoded: lib/handler/decide/guest_words.ts.
   */
  GUEST: 0xf8,
  SYSROOT: 0xf9,
  /**
   * The caller's home directory; if it is unknown, an item or path with it does not count:
   * lib/handler/decide/home.ts.
   */
  HOME: 0xfa,
  /** $XDG_DATA_HOME, else $HOME/.local/share. */
  XDG_DATA_HOME: 0xfb,
  /**
   * First in an item: the item counts only if descriptors 0, 1 and 2 are all terminals, and the
   * program does not start in the background.
   */
  TERMINAL: 0xfc,
  /**
   * A whole item: `-e` and NAME for each forwarded variable. Before `NAME=value`: the item counts
   * only if the caller has not set NAME. Before a NAME alone: the caller's variable is removed.
   */
  VARIABLE: 0xfd,
  /** A whole item: the program's own arguments. */
  ARGUMENTS: 0xfe,
  END: 0xff,
} as const;
