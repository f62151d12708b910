import type { Operand, Procedure, Variable } from "../native/program.ts";
import { FORMAT_VERSION } from "../routes/format.ts";
import type { Variables } from "./environment.ts";
import { AT_FDCWD, openFlags } from "./file.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

const SIGQUIT = 3;
const SIGKILL = 9;
const SIG_SETMASK = 2;
const LAST_SIGNAL = 64;
const EBADF = -9;
const LAST_DESCRIPTOR = 0xffffffff;
const F_DUPFD = 0;
const F_GETFD = 1;
const WNOHANG = 1;
const PR_SET_PDEATHSIG = 1;
/** Wait also for a child that sends no signal at its end. */
const WALL = 0x40000000;

/** What the resolver can be started for. */
export interface Errand {
  /** Its arguments. */
  readonly args: readonly (string | Operand)[];
  /** The only variables of the caller's that it gets to see, besides PATH. */
  readonly variables: readonly string[];
  /** Its standard output goes to the descriptor that `run` is given, or to the caller's stderr. */
  readonly output: "descriptor" | "stderr" | "nowhere";
  /** Where it starts: /, or where the caller is. */
  readonly folder: "/" | "caller's";
  /** In a session of its own, so that what it leaves behind outlives the caller's terminal. */
  readonly session: boolean;
  /** One look a millisecond. */
  readonly patience_ms: number;
}

const ROUTES = ["routes", "--format", String(FORMAT_VERSION)];

/** A new table. */
const TABLE = {
  args: ROUTES,
  variables: ["HOME", "XDG_CONFIG_HOME"],
  output: "descriptor",
  folder: "/",
  session: false,
  patience_ms: 10_000,
} satisfies Errand;

/**
 * Starts the resolver and waits for its end. Nothing of the caller's reaches it but what the errand
 * names. It is a grandchild: a SIGCHLD that the caller blocks would stay pending across our execve,
 * so our child has no exit signal; but whatever calls execve gets SIGCHLD for it (fs/exec.c,
 * de_thread), so the child only waits.
 */
export function defineResolver(s: State, m: Messages, variables: Variables) {
  const { code } = s;
  const out = code.variable("resolver_out");
  const child = code.variable("child");
  const turns = code.variable("child_turns");
  const result = code.variable("child_result");
  const pause = code.buffer("child_pause", 16);
  const become = defineBecome(s, m, variables, out);
  const patience = code.variable("child_patience");
  /** Waits for the child for so long; then ends it. */
  const wait = code.procedure("wait_for_child", [patience], () => {
    code.write(8, pause, 1_000_000, 8);
    code.set(turns, 0);
    code.loop(() => {
      code.syscall(result, "wait4", child, 0, WNOHANG | WALL, 0);
      code.if(result, "!=", 0, () => code.leave());
      code.if(turns, ">=", patience, () => {
        code.syscall(s.ignored, "kill", child, SIGKILL);
        code.syscall(s.ignored, "wait4", child, 0, WALL, 0);
        code.leave();
      });
      code.syscall(s.ignored, "nanosleep", pause, 0);
      code.do(turns, turns, "+", 1);
    });
  });
  const run = (name: string, errand: Errand) =>
    code.procedure(name, [out], () => {
      code.syscall(child, "clone", 0, 0, 0, 0, 0);
      m.ifError(child, () => code.return());
      code.if(child, "==", 0, () => {
        code.syscall(child, "clone", 0, 0, 0, 0, 0);
        m.ifError(child, () => code.syscall(s.ignored, "exit_group", 127));
        code.if(child, "==", 0, () => become(errand));
        code.call(wait, errand.patience_ms);
        code.syscall(s.ignored, "exit_group", 0);
      });
      code.syscall(result, "wait4", child, 0, WALL, 0);
    });
  return {
    run,
    userTable: run("resolve_user_table", TABLE),
    systemTable: run("resolve_system_table", {
      ...TABLE,
      args: [...ROUTES, "--system"],
      variables: [],
    }),
  };
}

export type Resolver = ReturnType<typeof defineResolver>;

/** What the child does: it becomes the resolver. */
function defineBecome(s: State, m: Messages, variables: Variables, out: Variable) {
  const { code } = s;
  const clean = defineClean(s, m, out);
  const pointers = code.buffer("child_pointers", 256);
  const cursor = code.variable("child_cursor");
  const value = code.variable("child_value");
  const environment = code.variable("child_environment");
  const push = (pointer: string | Operand) => {
    code.write(8, cursor, typeof pointer === "string" ? code.text(pointer) : pointer);
    code.do(cursor, cursor, "+", 8);
  };
  return (errand: Errand) => {
    code.syscall(s.ignored, "prctl", PR_SET_PDEATHSIG, SIGKILL);
    if (errand.output === "stderr") code.set(out, 2);
    if (errand.output === "nowhere") code.set(out, -1);
    code.call(clean, errand.output === "stderr" ? 1 : 0);
    if (errand.folder === "/") code.syscall(s.ignored, "chdir", code.text("/"));
    if (errand.session) code.syscall(s.ignored, "setsid");
    const resolver = code.text(s.options.resolver);
    code.set(cursor, pointers);
    for (const argument of [resolver, ...errand.args, 0]) push(argument);
    code.set(environment, cursor);
    push("PATH=/usr/bin:/bin");
    for (const name of errand.variables) {
      variables.find(value, name);
      code.if(value, "!=", 0, () => {
        // The string that the value is the end of.
        code.do(value, value, "-", name.length + 1);
        push(value);
      });
    }
    push(0);
    code.syscall(s.ignored, "execve", resolver, pointers, environment);
    code.syscall(s.ignored, "exit_group", 127);
  };
}

/**
 * Leaves the child nothing of the caller's: default signals, `out` for descriptor 1, /dev/null for
 * the others unless it may speak on stderr, and no more descriptors.
 */
function defineClean(s: State, m: Messages, out: Variable): Procedure {
  const { code } = s;
  const flags = openFlags(s);
  const zeros = code.buffer("zeros", 64);
  const result = code.variable("clean_result");
  const signal = code.variable("clean_signal");
  const nothing = code.variable("clean_null");
  const speaks = code.variable("clean_speaks");
  const closeAllBut = defineCloseAllBut(s, m);
  const giveUp = () => code.syscall(s.ignored, "exit_group", 127);
  return code.procedure("clean_child", [speaks], () => {
    code.syscall(s.ignored, "rt_sigprocmask", SIG_SETMASK, zeros, 0, 8);
    // A start that ignores the terminal's keys needs its table all the same: SIGHUP, SIGINT and
    // SIGQUIT stay as they are, and they can only be ignored or default after an execve.
    code.set(signal, SIGQUIT + 1);
    code.while(signal, "<=", LAST_SIGNAL, () => {
      code.syscall(s.ignored, "rt_sigaction", signal, zeros, 0, 8);
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
