/** What a handler is made with, in the order in which its image has it. */
export const OPTIONS = [
  /** Absolute path of the program that makes the route table. */
  "resolver",
  /** Absolute path of the folder with the system table. */
  "tables",
  /** A static interpreter, for where neither table nor resolver can be reached; or nothing. */
  "fallback",
  /** Its argv[0]. */
  "fallback_name",
  /** By what its programs are recognised: 20 bytes of magic and 20 of mask, once or more. */
  "fallback_magics",
] as const;

export type OptionName = typeof OPTIONS[number];
