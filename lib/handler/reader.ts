import type { State } from "./state.ts";

const STDERR = 2;
const TCGETS = 0x5401;

/** Whoever reads what is said on stderr. */
export function defineReader(s: State) {
  const { code } = s;
  const terminal = code.variable("reader_terminal");
  const termios = code.buffer("reader_termios", 64);
  return {
    /** Does `words` if there is one: a program has not asked for them. */
    tell: (words: () => void) => {
      code.syscall(terminal, "ioctl", STDERR, TCGETS, termios);
      code.if(terminal, "==", 0, words);
    },
  };
}

export type Reader = ReturnType<typeof defineReader>;
