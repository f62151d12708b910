/** Limits for layers, which are untrusted input. */

/** Bytes of one layer. */
export const MAX_LAYER_SIZE = 1024 * 1024;

/** Layers in one directory. */
export const MAX_LAYERS = 256;

/** Names looked at in one directory. */
export const MAX_NAMES = 4096;

/** Tables and arrays within each other. */
export const MAX_NESTING = 8;

/** UTF-16 code units of one string: as many as PATH_MAX has bytes. */
export const MAX_STRING = 4096;

/** UTF-16 code units of an ID or a name. */
export const MAX_NAME = 256;

/** Items of one list, keys of one table of variables or packages. */
export const MAX_ITEMS = 1024;

/**
 * Rules in all layers together, one for each path. A table of that many rules takes a tenth of the
 * time after which the handler gives up on the resolver.
 */
export const MAX_RULES = 10_000;

/** Files, directories and links that rules' paths are followed through. */
export const MAX_PLACES = 1000;

/** Links among these that each start checks: if one changes, the table is compiled again. */
export const MAX_WATCHED = 32;

/** Parts of rules' paths below `~/` that each start follows. */
export const MAX_HOME_PARTS = 16;

/**
 * Bytes from the file's start to the end of a magic: BINPRM_BUF_SIZE, all that binfmt_misc
 * examines.
 * https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/binfmts.h
 */
export const MAX_MAGIC_END = 256;

/** Faults reported for one layer. */
export const MAX_DIAGNOSTICS = 1000;
