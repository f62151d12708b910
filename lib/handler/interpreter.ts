import { FOREIGN_HEAD } from "../elf/is_foreign.ts";
import { NATIVE_E_MACHINES } from "../elf/machines.ts";
import { AT_FDCWD, type File, openFlags } from "./file.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

const HEAD_ROOM = 24;
const E_MACHINE = 18;
const ELF = 0x464c457f;
const SCRIPT = 0x2123;
const EACCES = -13;

/**
 * Looks for an interpreter, and into it: one that is itself foreign would be given to us in turn,
 * perhaps for ever. What may be executed but not read is taken as it is.
 */
export function defineInterpreter(s: State, m: Messages, file: File) {
  const { code } = s;
  const flags = openFlags(s);
  const path = code.variable("interpreter_path");
  /** 0 or a descriptor if it is there, else a negated errno. */
  const error = code.variable("interpreter_error");
  const head = code.buffer("interpreter_head", HEAD_ROOM);
  const value = code.variable("interpreter_value");
  /** 1 where it is no program of this machine. */
  const foreign = code.variable("interpreter_foreign");
  const look = code.procedure("look_at_interpreter", [path], () => {
    const mode = flags.O_RDONLY | flags.O_NONBLOCK | flags.O_CLOEXEC;
    code.set(foreign, 0);
    code.syscall(error, "openat", AT_FDCWD, path, mode, 0);
    code.if(error, "==", EACCES, () => {
      file.look(path);
      code.set(error, file.error);
      code.return();
    });
    m.ifError(error, () => code.return());
    for (let at = 0; at < HEAD_ROOM; at += 8) code.write(8, head, 0, at);
    code.syscall(value, "pread64", error, head, FOREIGN_HEAD, 0);
    m.ifError(value, () => code.return());
    code.read(value, 2, head);
    code.if(value, "==", SCRIPT, () => code.return());
    code.read(value, 4, head);
    code.if(value, "==", ELF, () => {
      code.read(value, 2, head, E_MACHINE);
      for (const e_machine of NATIVE_E_MACHINES[s.options.host]) {
        code.if(value, "==", e_machine, () => code.return());
      }
    });
    code.set(foreign, 1);
  });
  return { look, error, foreign };
}

export type Interpreter = ReturnType<typeof defineInterpreter>;
