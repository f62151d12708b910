/** The options in a handler's image, in their order. */
export const OPTIONS = [
  /** Absolute path of the program that makes the route table. */
  "resolver",
  /** Absolute path of the directory with the system table. */
  "tables",
  /** Embedded interpreters, for containers without a table and a resolver: FALLBACK each. */
  "fallbacks",
] as const;

/** The header of each: the lengths of its name, magics and image, which follow in this order. */
export const FALLBACK = { name: 0, magics: 4, image: 8, SIZE: 12 } as const;
/** The size of a magic, and of the mask after it. Only MIPS needs 40; others are zero-padded. */
export const FALLBACK_MAGIC_SIZE = 40;

export type OptionName = typeof OPTIONS[number];
