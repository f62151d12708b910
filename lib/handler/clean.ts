import type { Operand, Procedure, Variable } from "../native/program.ts";
import { AT_FDCWD, openFlags } from "./file.ts";
import type { Messages } from "./message.ts";
import { LAST_SIGNAL, SIGQUIT, SIGSET_SIZE } from "./signals.ts";
import type { State } from "./state.ts";
import { UNKNOWN } from "./waiting.ts";

const SIG_SETMASK = 2;
const EBADF = -9;
const LAST_DESCRIPTOR = 0xffffffff;
const F_DUPFD = 0;
const F_GETFD = 1;

/**
 * Leaves the child nothing of the caller's: default signals, `out` for descriptor 1, /dev/null for
 * the others unless it may speak on stderr, and no more descriptors.
 */
export function defineClean(s: State, m: Messages, out: Variable): Procedure {
  const { code } = s;
  const flags = openFlags(s);
  const zeros = code.buffer("zeros", 64);
  const result = code.variable("clean_result");
  const signal = code.variable("clean_signal");
  const nothing = code.variable("clean_null");
  const speaks = code.variable("clean_speaks");
  const closeAllBut = defineCloseAllBut(s, m);
  const giveUp = () => code.syscall(s.ignored, "exit_group", UNKNOWN);
  return code.procedure("clean_child", [speaks], () => {
    code.syscall(s.ignored, "rt_sigprocmask", SIG_SETMASK, zeros, 0, SIGSET_SIZE);
    // A start that ignores the terminal's keys needs its table all the same: SIGHUP, SIGINT and
    // SIGQUIT stay as they are, and they can only be ignored or default after an execve.
    code.set(signal, SIGQUIT + 1);
    code.while(signal, "<=", LAST_SIGNAL, () => {
      code.syscall(s.ignored, "rt_sigaction", signal, zeros, 0, SIGSET_SIZE);
      code.do(signal, signal, "+", 1);
    });
    // The caller may have used up all that it is allowed to open.
    code.call(closeAllBut, out);
    // Above 2 first: what is to be 1 may itself be 0, 1 or 2.
    code.syscall(out, "fcntl", out, F_DUPFD, 3);
    code.if(out, "!=", EBADF, () => m.ifError(out, giveUp));
    code.syscall(nothing, "openat", AT_FDCWD, code.text("/dev/null"), flags.O_RDWR, 0);
    // Not everybody has a /dev.
    m.ifError(nothing, () => code.syscall(nothing, "memfd_create", code.text("null"), 0));
    m.ifError(nothing, giveUp);
    code.syscall(nothing, "fcntl", nothing, F_DUPFD, 3);
    m.ifError(nothing, giveUp);
    code.syscall(s.ignored, "dup3", nothing, 0, 0);
    m.ifError(out, () => code.syscall(s.ignored, "dup3", nothing, 1, 0), () => {
      code.syscall(s.ignored, "dup3", out, 1, 0);
    });
    code.syscall(result, "fcntl", 2, F_GETFD);
    m.ifError(result, () => code.set(speaks, 0));
    code.if(speaks, "==", 0, () => code.syscall(s.ignored, "dup3", nothing, 2, 0));
    code.syscall(s.ignored, "close_range", 3, LAST_DESCRIPTOR, 0);
    code.syscall(s.ignored, "umask", 0o022);
  });
}

/** Puts the controlling terminal, if there is one, in the place of descriptors 0, 1 and 2. */
export function defineTakeTerminal(s: State, m: Messages): Procedure {
  const { code } = s;
  const terminal = code.variable("taken_terminal");
  return code.procedure("take_terminal", [], () => {
    const { O_RDWR } = openFlags(s);
    code.syscall(terminal, "openat", AT_FDCWD, code.text("/dev/tty"), O_RDWR, 0);
    m.ifError(terminal, () => code.return());
    for (const descriptor of [0, 1, 2]) {
      code.syscall(s.ignored, "dup3", terminal, descriptor, 0);
    }
    code.syscall(s.ignored, "close", terminal);
  });
}

/** Closes all descriptors from 3 on but this one, if it is one. */
function defineCloseAllBut(s: State, m: Messages): Procedure {
  const { code } = s;
  const kept = code.variable("kept_descriptor");
  const edge = code.variable("close_edge");
  const close = (from: Operand, to: Operand) => code.syscall(s.ignored, "close_range", from, to, 0);
  return code.procedure("close_all_but", [kept], () => {
    m.ifError(kept, () => code.set(kept, 2));
    code.if(kept, "<=", 2, () => close(3, LAST_DESCRIPTOR), () => {
      code.do(edge, kept, "-", 1);
      close(3, edge);
      code.do(edge, kept, "+", 1);
      close(edge, LAST_DESCRIPTOR);
    });
  });
}
