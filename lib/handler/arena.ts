import type { Operand } from "../native/program.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

/**
 * As much as the kernel takes for arguments, environment and their pointers together: three
 * quarters of the 8 MiB default stack (fs/exec.c, bprm_stack_limits). Only pages that are touched
 * cost memory.
 */
const REGION_SIZE = 6 * 1024 * 1024;

/** The memory for the new program's strings and pointers, and the only way to write there. */
export function defineArena(s: State, m: Messages) {
  const { code } = s;
  const arena = code.buffer("arena", 3 * REGION_SIZE);
  /** For each region where its next byte goes and where it ends. */
  const regions = code.buffer("regions", 3 * 16);
  const region = code.variable("push_region");
  const size = code.variable("push_size");
  const value = code.variable("push_value");
  const next = code.variable("push_next");
  const room = code.variable("push_room");
  const push = code.procedure("push", [region, size, value], () => {
    code.read(next, 8, region);
    code.read(room, 8, region, 8);
    code.do(room, room, "-", next);
    code.if(room, "<", size, () => {
      m.fail(126, ["its arguments and its environment are too long"]);
    });
    code.if(size, "==", 1, () => code.write(1, next, value), () => code.write(8, next, value));
    code.do(next, next, "+", size);
    code.write(8, region, next);
  });
  const at = code.variable("region_at");
  const pushTo = (which: Region, bytes: 1 | 8, what: Operand) => {
    code.do(at, regions, "+", 16 * which);
    code.call(push, at, bytes, what);
  };
  const cursor = code.variable("arguments_cursor");
  const left = code.variable("arguments_left");
  const string = code.variable("arguments_string");
  return {
    /** The program's own arguments: the caller's strings, as they are. */
    pushArguments: (which: Region) => {
      code.set(cursor, s.arguments);
      code.set(left, s.n_arguments);
      code.while(left, "!=", 0, () => {
        code.read(string, 8, cursor);
        pushTo(which, 8, string);
        code.do(cursor, cursor, "+", 8);
        code.do(left, left, "-", 1);
      });
    },
    /** Readies the regions; to be emitted once, before the first push. */
    ready: () => {
      for (let i = 0; i < 3; i++) {
        code.do(at, arena, "+", i * REGION_SIZE);
        code.write(8, regions, at, 16 * i);
        code.do(at, at, "+", REGION_SIZE);
        code.write(8, regions, at, 16 * i + 8);
      }
    },
    push: pushTo,
    /** Where the region's next byte goes. */
    next: (into: typeof at, which: Region) => code.read(into, 8, regions, 16 * which),
    /** Takes back what was pushed since `next` said so. */
    rewind: (which: Region, to: typeof at) => code.write(8, regions, to, 16 * which),
  };
}

export const STRINGS = 0;
export const ARGV = 1;
export const ENVP = 2;
export type Region = typeof STRINGS | typeof ARGV | typeof ENVP;

export type Arena = ReturnType<typeof defineArena>;
