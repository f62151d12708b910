/** What a handler is made with, in the order in which its image has it. */
export const OPTIONS = [
  /** Absolute path of the program that makes the route table. */
  "resolver",
  /** Absolute path of the directory with the system table. */
  "tables",
  /** Static interpreters, for where neither table nor resolver can be reached: FALLBACK each. */
  "fallbacks",
] as const;

/** What stands before each: the lengths of its name, its magics and its image, which follow. */
export const FALLBACK = { name: 0, magics: 4, image: 8, SIZE: 12 } as const;
/**
 * Bytes of a magic and of its mask, which follow one another: those of MIPS have as many, and all
 * others are filled up with zeros.
 */
export const FALLBACK_MAGIC_SIZE = 40;

export type OptionName = typeof OPTIONS[number];
