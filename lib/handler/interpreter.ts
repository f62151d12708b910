import { NATIVE_E_MACHINES } from "../elf/machines.ts";
import { AT_FDCWD, type File, openFlags } from "./file.ts";
import type { Address } from "../native/program.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

/** What the kernel reads of a script: BINPRM_BUF_SIZE in linux/binfmts.h. */
const HEAD_SIZE = 256;
/** Up to e_machine, rounded up. */
const ELF_ROOM = 24;
/** The kernel follows no more: exec_binprm() in fs/exec.c. */
const MAX_SCRIPTS = 5;
const E_MACHINE = 18;
const ELF = 0x464c457f;
const SCRIPT = 0x2123;
const SPACE = 0x20;
const TAB = 0x09;
const NEWLINE = 0x0a;
const EACCES = -13;

/**
 * Looks for an interpreter, and into it: one that is itself foreign, or a script that such a one
 * would start, would be given to us in turn, perhaps for ever. What may be executed but not read is
 * taken as it is, and so is a script that leads nowhere: execve will tell.
 */
export function defineInterpreter(s: State, m: Messages, file: File) {
  const { code } = s;
  const flags = openFlags(s);
  const mode = flags.O_RDONLY | flags.O_NONBLOCK | flags.O_CLOEXEC;
  const path = code.variable("interpreter_path");
  /** 0 or a descriptor if it is there, else a negated errno. */
  const error = code.variable("interpreter_error");
  const descriptor = code.variable("interpreter_descriptor");
  const head = code.buffer("interpreter_head", HEAD_SIZE + 16);
  const value = code.variable("interpreter_value");
  const scripts = code.variable("interpreter_scripts");
  /** 1 where it is no program of this machine. */
  const foreign = code.variable("interpreter_foreign");
  const script = defineScript(s, head);
  const look = code.procedure("look_at_interpreter", [path], () => {
    code.set(foreign, 0);
    code.syscall(error, "openat", AT_FDCWD, path, mode, 0);
    code.if(error, "==", EACCES, () => {
      file.look(path);
      code.set(error, file.error);
      code.return();
    });
    code.set(descriptor, error);
    code.set(scripts, 0);
    code.loop(() => {
      m.ifError(descriptor, () => code.return());
      for (let at = 0; at < ELF_ROOM; at += 8) code.write(8, head, 0, at);
      code.syscall(value, "pread64", descriptor, head, HEAD_SIZE, 0);
      m.ifError(value, () => code.return());
      code.do(value, head, "+", value);
      code.write(1, value, 0);
      code.read(value, 2, head);
      code.if(value, "!=", SCRIPT, () => code.leave());
      code.if(scripts, "==", MAX_SCRIPTS, () => code.return());
      code.do(scripts, scripts, "+", 1);
      code.call(script.findName);
      code.if(script.name, "==", 0, () => code.return());
      code.syscall(descriptor, "openat", AT_FDCWD, script.name, mode, 0);
    });
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

/**
 * name = what a script with this head is started by, with a zero byte behind it; 0 where the kernel
 * would find none: load_script() in fs/binfmt_script.c.
 */
function defineScript(s: State, head: Address) {
  const { code } = s;
  const name = code.variable("script_name");
  const at = code.variable("script_at");
  const end = code.variable("script_end");
  const byte = code.variable("script_byte");
  const giveUp = () => {
    code.set(name, 0);
    code.return();
  };
  const readByte = () => {
    code.if(at, "==", end, giveUp);
    code.read(byte, 1, at);
  };
  const findName = code.procedure("find_script_name", [], () => {
    code.do(at, head, "+", 1);
    code.do(end, head, "+", HEAD_SIZE);
    code.loop(() => {
      code.do(at, at, "+", 1);
      readByte();
      code.if(byte, "!=", SPACE, () => code.if(byte, "!=", TAB, () => code.leave()));
    });
    code.set(name, at);
    code.loop(() => {
      readByte();
      for (const ends of [0, SPACE, TAB, NEWLINE]) code.if(byte, "==", ends, () => code.leave());
      code.do(at, at, "+", 1);
    });
    code.write(1, at, 0);
    code.if(at, "==", name, giveUp);
  });
  return { findName, name };
}

export type Interpreter = ReturnType<typeof defineInterpreter>;
