import type { Operand } from "../native/program.ts";
import { PATH_SIZE, type State } from "./state.ts";

/** Bytes of the program's file: from the head if they lie in it, else read. */
export function defineInFile(s: State) {
  const { code } = s;
  const window = code.buffer("window", PATH_SIZE);
  const offset = code.variable("file_offset");
  const room = code.variable("file_room");
  const left = code.variable("file_left");
  /** Where the bytes stand in memory; 0 if the file does not have them. */
  const at = code.variable("file_at");
  const procedure = code.procedure("in_file", [offset, room], () => {
    code.if(offset, "<=", s.head_length, () => {
      code.do(left, s.head_length, "-", offset);
      code.if(room, "<=", left, () => {
        code.do(at, s.head, "+", offset);
        code.return();
      });
    });
    code.set(at, 0);
    code.if(room, ">", PATH_SIZE, () => code.return());
    code.syscall(left, "pread64", s.descriptor, window, room, offset);
    code.if(left, "==", room, () => code.set(at, window));
  });
  return { at, look: (start: Operand, size: Operand) => code.call(procedure, start, size) };
}

export type InFile = ReturnType<typeof defineInFile>;
