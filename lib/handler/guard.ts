import { GUARD, REFUSED } from "../routes/guard.ts";
import { type Arena, type Region, STRINGS } from "./arena.ts";
import type { State } from "./state.ts";
import type { Text } from "./text.ts";

/** The program's own arguments for muvm: those that it refuses are guarded. */
export function defineGuard(s: State, arena: Arena, text: Text) {
  const { code } = s;
  const cursor = code.variable("guard_cursor");
  const left = code.variable("guard_left");
  const string = code.variable("guard_string");
  const byte = code.variable("guard_byte");
  const needed = code.variable("guard_needed");
  const whole = code.variable("guard_whole");
  /** needed = the argument must be guarded. */
  const look = code.procedure("needs_guard", [string], () => {
    code.set(needed, 0);
    code.read(byte, 1, string);
    code.if(byte, "==", GUARD.charCodeAt(0), () => code.set(needed, 1));
    for (const refused of REFUSED) {
      code.call(text.same, string, code.text(refused));
      code.do(needed, needed, "|", text.equal);
    }
  });
  /** whole = a copy of the argument with the guard before it. */
  const guard = code.procedure("guard", [string], () => {
    arena.next(whole, STRINGS);
    arena.push(STRINGS, 1, GUARD.charCodeAt(0));
    code.loop(() => {
      code.read(byte, 1, string);
      arena.push(STRINGS, 1, byte);
      code.if(byte, "==", 0, () => code.leave());
      code.do(string, string, "+", 1);
    });
  });
  const push = (region: Region) => {
    code.set(cursor, s.arguments);
    code.set(left, s.n_arguments);
    code.while(left, "!=", 0, () => {
      code.read(whole, 8, cursor);
      code.call(look, whole);
      code.if(needed, "!=", 0, () => code.call(guard, whole));
      arena.push(region, 8, whole);
      code.do(cursor, cursor, "+", 8);
      code.do(left, left, "-", 1);
    });
  };
  return { push };
}

export type Guard = ReturnType<typeof defineGuard>;
