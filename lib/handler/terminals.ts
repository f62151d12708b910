import type { State } from "./state.ts";

const STDERR = 2;
const TCGETS = 0x5401;

/** Which of the caller's descriptors are terminals, as isatty(3) finds it. */
export function defineTerminals(s: State) {
  const { code } = s;
  const descriptor = code.variable("terminal_descriptor");
  const answer = code.variable("terminal_answer");
  const termios = code.buffer("termios", 64);
  const look = code.procedure("look_for_terminal", [descriptor], () => {
    code.syscall(answer, "ioctl", descriptor, TCGETS, termios);
  });
  const all = code.variable("terminals_all");
  /** all = descriptors 0, 1 and 2 are terminals. */
  const findAll = code.procedure("find_terminals", [], () => {
    code.set(all, 0);
    for (const each of [0, 1, 2]) {
      code.call(look, each);
      code.if(answer, "!=", 0, () => code.return());
    }
    code.set(all, 1);
  });
  /** Does `words` if somebody reads what is said on stderr: a program has not asked for them. */
  const tell = (words: () => void) => {
    code.call(look, STDERR);
    code.if(answer, "==", 0, words);
  };
  return { all, findAll, tell };
}

export type Terminals = ReturnType<typeof defineTerminals>;
