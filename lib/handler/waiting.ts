import type { Variable } from "../native/program.ts";
import { SIGKILL } from "./signals.ts";
import type { State } from "./state.ts";

const WNOHANG = 1;
/** Wait also for a child that sends no signal at its end. */
const WALL = 0x40000000;

/** An exit status that the resolver has only where it failed itself. */
export const UNKNOWN = 125;

/** `for` waits for the child for so long, then ends it; `untilEnd` as long as it takes. */
export function defineWaiting(s: State, child: Variable) {
  const { code } = s;
  const turns = code.variable("child_turns");
  const result = code.variable("child_result");
  const pause = code.buffer("child_pause", 16);
  const ended = code.buffer("child_ended", 8);
  const by_signal = code.variable("child_by_signal");
  /** Its exit status; UNKNOWN where a signal was its end. */
  const status = code.variable("child_status");
  const readStatus = code.procedure("read_child_status", [], () => {
    code.read(status, 4, ended);
    code.do(by_signal, status, "&", 0x7f);
    code.do(status, status, ">>", 8);
    code.do(status, status, "&", 0xff);
    code.if(by_signal, "!=", 0, () => code.set(status, UNKNOWN));
  });
  const patience = code.variable("child_patience");
  const waitFor = code.procedure("wait_for_child", [patience], () => {
    code.write(8, pause, 1_000_000, 8);
    code.set(turns, 0);
    code.loop(() => {
      code.syscall(result, "wait4", child, ended, WNOHANG | WALL, 0);
      code.if(result, "!=", 0, () => code.leave());
      code.if(turns, ">=", patience, () => {
        code.syscall(s.ignored, "kill", child, SIGKILL);
        code.syscall(s.ignored, "wait4", child, ended, WALL, 0);
        code.leave();
      });
      code.syscall(s.ignored, "nanosleep", pause, 0);
      code.do(turns, turns, "+", 1);
    });
    code.call(readStatus);
  });
  const untilEnd = code.procedure("wait_until_child_ends", [], () => {
    code.syscall(result, "wait4", child, ended, WALL, 0);
    code.call(readStatus);
  });
  return { status, for: waitFor, untilEnd };
}
