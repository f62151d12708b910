import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Waits for a folder's lock, so many milliseconds at most; it goes with the descriptor. Somebody
 * may hold it for ever, as any reader of the folder can take it: going on without it has to do no
 * harm.
 */
export function defineLock(s: State, m: Messages) {
  const { code } = s;
  const folder = code.variable("lock_folder");
  const patience = code.variable("lock_patience");
  const result = code.variable("lock_result");
  const turns = code.variable("lock_turns");
  const pause = code.buffer("lock_pause", 16);
  return code.procedure("wait_for_lock", [folder, patience], () => {
    code.write(8, pause, 1_000_000, 8);
    code.set(turns, 0);
    code.while(turns, "<", patience, () => {
      code.syscall(result, "flock", folder, LOCK_EX | LOCK_NB);
      m.ifError(result, () => {}, () => code.leave());
      code.syscall(s.ignored, "nanosleep", pause, 0);
      code.do(turns, turns, "+", 1);
    });
  });
}
