/**
 * The route table's format: the one description that its writer, its reader and the native handler
 * share.
 *
 * All numbers are little-endian u32 unless it says otherwise, all offsets count from the table's
 * start and are multiples of 4 where they lead to numbers; offset 0 means "none". Strings end in a
 * zero byte. docs/table.md draws it.
 */

import { HEAD_LIMIT } from "../elf/header.ts";

/** First and last eight bytes of a table: a torn write shows. */
export const MAGIC = "BDroutes";

/** Also part of the file's name, so that an old handler and a new one never share a table. */
export const FORMAT_VERSION = 3;

/** Bytes; a larger table is refused by writer, reader and handler. */
export const MAX_TABLE_SIZE = 16 * 1024 * 1024;

/**
 * Header fields, by byte offset. `n` fields count the entries that the offset before them leads to.
 */
export const HEADER = {
  magic: 0,
  version: 8,
  /** Of the whole table, trailer included. */
  size: 12,
  flags: 16,
  /** The page size that candidates under PAGES_FIT need. */
  page_size: 20,
  /** How many targets a choice has: one per machine and format. */
  targets: 24,
  /** String: the user's configuration file that it was made for; 0 in a system table. */
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
  /** targets strings: what a target's programs are called. */
  target_names: 92,
  /** String: what is said once, on a terminal, when the table was made; or 0. */
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
  /** Every layer that exists was read whole: the table may be kept. */
  KEEP: 1,
  /**
   * At least one rule's path begins with `~/`: the rules are also asked about `~` + the path below
   * HOME.
   */
  HOME_RULES: 2,
} as const;

/**
 * A source: its path, and whether it exists: at first as its writer saw it, since a source that
 * came or went after that is no source of this table. The handler fills the rest in, byte by byte
 * as statx has it; of one that does not exist it is zero.
 */
export const SOURCE = {
  path: 0,
  exists: 4,
  dev_major: 8,
  dev_minor: 12,
  /** Eight bytes, as all that follow but for the nanoseconds, which have four. */
  ino: 16,
  size: 24,
  mtime: 32,
  mtime_nsec: 40,
  ctime: 48,
  ctime_nsec: 56,
  end: 64,
} as const;

/**
 * What a rule's path leads through: its path, and the string that the link holds; 0: no link stands
 * there. Where that changes, the rules' paths may lead elsewhere.
 */
export const LINK = { path: 0, target: 4, end: 8 } as const;

/** A kind of program file. The first kind that fits is the program's. */
export const KIND = {
  /** String without its dot, or 0: then the magic decides. */
  extension: 0,
  /** Where in the file the magic stands. */
  offset: 4,
  /** How many bytes of magic and mask. */
  size: 8,
  magic: 12,
  mask: 16,
  probe: 20,
  target: 24,
  /** The target where the CLR probe finds a .NET program. */
  clr_target: 28,
  end: 32,
} as const;

export const PROBE = { NONE: 0, PT_INTERP: 1, CLR: 2 } as const;

/**
 * An exact path, or a directory, which ends in `/` and stands for all that begins with it. They are
 * sorted by their bytes. Of all that fit a path the longest has the lowest rank: what would be
 * hidden by a shorter one is left out. Entry 0 stands for none.
 */
export const PATH = {
  /** The lower one wins: rankOf(). */
  rank: 0,
  /** Bytes, and how many: all of them one after another. */
  text: 4,
  size: 8,
  /** The longest directory around it, an entry before it; 0: none. */
  around: 12,
  end: 16,
} as const;

/**
 * What matches a rule: its path as it is written, and after that where the links in its literal
 * part lead. Rules are counted from 1, in order of precedence.
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
  /** Its bytes, of which some are GLOB_BYTEs, and how many. */
  code: 4,
  size: 8,
  /** The first four of its bytes, with which a path has to begin; 0 if one of them is special. */
  start: 12,
  end: 16,
} as const;

/**
 * A rule's path below the home directory, in two parts, of which the first has to be followed. They
 * are sorted by that part, then by rank.
 */
export const HOME = {
  rank: 0,
  /** String: below the home directory, with a slash in front. */
  part: 4,
  /** What the rest of the path matches: bytes as a GLOB has them, and how many. */
  code: 8,
  size: 12,
  end: 16,
} as const;

/** What stands for more than itself in a pattern: bytes that UTF-8 never contains. */
export const GLOB_BYTE = {
  /** `?`: one byte, not `/`. */
  ANY: 0xf5,
  /** `[a-z]`: n, then n times the first and the last of some bytes, of which it is one. */
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

/**
 * A rule, in order of precedence (lower wins); rule 0 is "no rule": the machines' and the default's
 * lists, always choice 0.
 */
export const RULE = { choice: 0, name: 4, end: 8 } as const;

/** An interpreter's ID: a string and `targets` list offsets (0: not made for that target). */
export const ID = { name: 0, lists: 4 } as const;

/** A list: n, then n candidate offsets. */
export const LIST = { n: 0, candidates: 4 } as const;

/** A candidate: one interpreter and path, direct or through muvm, considered for a program. */
export const CANDIDATE = {
  /** WHEN bits that must all hold. */
  when: 0,
  /** String: the interpreter's name for people. */
  name: 4,
  /** String: the interpreter's ID. */
  id: 8,
  /** String: the interpreter's own path (also through muvm). */
  path: 12,
  /** String: muvm's path, or 0. What is executed is argv's first item. */
  muvm: 16,
  /** n, then n groups: each m, then m path templates of which any one must exist. */
  requirements: 20,
  /** How many of the groups, the last ones, dynamic programs alone need. */
  dynamic: 24,
  /**
   * n, then n strings: below one of them a dynamic program's loader must exist; n = 0: not asked.
   * `$NAME` is the directory that the variable says, and does not count where it is unset or empty.
   */
  sysroots: 28,
  argv: 32,
  env: 36,
  /** String: words that install it, such as `dnf install fex-emu`; or 0. */
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
 * A template: literal bytes and markers; a zero byte ends an item, END the template. The markers
 * are bytes that UTF-8 never contains, and TOML is UTF-8, so no literal can be taken for one.
 */
export const MARKER = {
  /** The program's path, as the kernel gave it. */
  PROGRAM: 0xf5,
  ARGV0: 0xf6,
  /**
   * The program's path, made absolute from the working directory, as muvm's guest sees it (/run/X
   * is /run/muvm-host/run/X there). The canonical one where only that tells that it is below /run.
   */
  ABSOLUTE: 0xf7,
  /**
   * A whole item: the handler's own path, and the first words for it in muvm's guest. The items
   * behind it are encoded for that: lib/handler/decide/guest_words.ts.
   */
  GUEST: 0xf8,
  SYSROOT: 0xf9,
  /**
   * The caller's home directory; an item or path with it does not count where that is unknown:
   * lib/handler/decide/home.ts.
   */
  HOME: 0xfa,
  /** $XDG_DATA_HOME, else $HOME/.local/share. */
  XDG_DATA_HOME: 0xfb,
  /**
   * First in an item: the item counts only if descriptors 0, 1 and 2 are all terminals, and the
   * start is none in the background.
   */
  TERMINAL: 0xfc,
  /**
   * A whole item: `-e` and NAME for each forwarded variable. In front of `NAME=value`: the item
   * counts only where the caller has not set NAME. In front of a NAME alone: the caller's variable
   * is taken away.
   */
  VARIABLE: 0xfd,
  /** A whole item: the program's own arguments. */
  ARGUMENTS: 0xfe,
  END: 0xff,
} as const;

/** Bytes of a program's head that are looked at for its kind. */
export const HEAD_SIZE = HEAD_LIMIT;
