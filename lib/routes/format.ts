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
export const FORMAT_VERSION = 1;

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
  /** How many rows a choice has: one per machine and format. */
  rows: 24,
  /** String: the user's configuration file that it was made for; 0 in a system table. */
  key: 28,
  sources: 32,
  n_sources: 36,
  kinds: 40,
  n_kinds: 44,
  /** The automaton's start state; 0: no rule at all. */
  dfa: 48,
  rules: 52,
  n_rules: 56,
  choices: 60,
  n_choices: 64,
  ids: 68,
  n_ids: 72,
  /** n strings: variables that are never forwarded, a trailing * stands for any rest. */
  never_forward: 76,
  n_never_forward: 80,
  /** rows strings: what a row's programs are called. */
  row_names: 84,
  /** String: what is said once, on a terminal, when the table was made; or 0. */
  notice: 88,
  end: 92,
} as const;

/** Header flags. */
export const TABLE_FLAG = {
  /** Every layer that exists was read whole: the table may be kept. */
  KEEP: 1,
  /**
   * At least one rule's path begins with `~/`: the automaton is also asked about `~` + the path
   * below HOME.
   */
  HOME_RULES: 2,
} as const;

/**
 * A source: string offset, a zero, then its identity, six u64 that the handler fills in: device,
 * inode, size, mtime and ctime in nanoseconds, and 1 if it exists. Only that last one is the
 * writer's first: a source that came or went since is no source of this table.
 */
export const SOURCE = { path: 0, identity: 8, exists: 48, end: 56 } as const;

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
  row: 24,
  /** The row where the CLR probe finds a .NET program. */
  clr_row: 28,
  end: 32,
} as const;

export const PROBE = { NONE: 0, PT_INTERP: 1, CLR: 2 } as const;

/**
 * An automaton's state: `rule`, `n`, then n edges, sorted and disjoint: `lo | hi << 8`, offset of
 * the next state. Input are the bytes of the path; no edge: no match. `rule` is an index into
 * rules, 0 = none.
 */
export const STATE = { rule: 0, n: 4, edges: 8 } as const;
export const EDGE = { range: 0, next: 4, end: 8 } as const;

/**
 * A rule, in order of precedence (lower wins); rule 0 is "no rule": the machines' and the default's
 * lists, always choice 0.
 */
export const RULE = { choice: 0, name: 4, end: 8 } as const;

/** An interpreter's ID: a string and `rows` list offsets (0: not made for that row). */
export const ID = { name: 0, lists: 4 } as const;

/**
 * A list: n, then n candidate offsets. Choices are u32[n_choices][rows] of list offsets, 0 for an
 * empty list.
 */
export const LIST = { n: 0, candidates: 4 } as const;

/** A candidate: one interpreter, path and wrapper considered for a program. */
export const CANDIDATE = {
  /** WHEN bits that must all hold. */
  when: 0,
  /** String: the interpreter's name for people. */
  name: 4,
  /** String: the interpreter's ID. */
  id: 8,
  /** String: the interpreter's own path (also under a wrapper). */
  path: 12,
  /** String: the wrapper's path, or 0. What is executed is argv's first item. */
  wrapper: 16,
  /** n, then n groups: each m, then m path templates of which any one must exist. */
  needs: 20,
  /**
   * n, then n strings: below one of them a dynamic program's loader must exist; n = 0: not asked.
   */
  sysroots: 24,
  argv: 28,
  env: 32,
  /** String: words that install it, such as `dnf install fex-emu`; or 0. */
  install: 36,
  end: 40,
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
  /** The working directory, as muvm's guest sees it. */
  CWD: 0xf8,
  SYSROOT: 0xf9,
  /**
   * $HOME; an item or path with it does not count where HOME is unset, relative or not to be
   * trusted.
   */
  HOME: 0xfa,
  /** $XDG_DATA_HOME, else $HOME/.local/share. */
  XDG_DATA_HOME: 0xfb,
  /** First in an item: the item counts only if descriptors 0, 1 and 2 are all terminals. */
  TERMINAL: 0xfc,
  /** A whole item: `-e` and NAME for each forwarded variable. */
  FORWARD: 0xfd,
  /**
   * A whole item: the program's own arguments; under a wrapper guarded, as lib/routes/guard.ts has
   * it.
   */
  ARGUMENTS: 0xfe,
  END: 0xff,
} as const;

/** Bytes of a program's head that are looked at for its kind. */
export const HEAD_SIZE = HEAD_LIMIT;
