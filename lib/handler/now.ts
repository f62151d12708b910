import type { Variable } from "../native/program.ts";
import type { State } from "./state.ts";

const CLOCK_REALTIME = 0;

/** `take` sets `now` to the time, in nanoseconds since 1970, as files' times are. */
export function defineNow(s: State) {
  const { code } = s;
  const clock = code.buffer("clock", 16);
  const part = code.variable("now_part");
  const now: Variable = code.variable("now");
  const take = code.procedure("take_time", [], () => {
    code.syscall(s.ignored, "clock_gettime", CLOCK_REALTIME, clock);
    code.read(now, 8, clock);
    code.do(now, now, "*", 1_000_000_000);
    code.read(part, 8, clock, 8);
    code.do(now, now, "+", part);
  });
  return { take, now };
}

export type Now = ReturnType<typeof defineNow>;
