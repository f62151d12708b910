import type { Operand, Procedure, Variable } from "../native/program.ts";
import { FORMAT_VERSION } from "../routes/format.ts";
import type { Variables } from "./environment.ts";
import { AT_FDCWD, openFlags } from "./file.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

const SIGINT = 2;
const SIGQUIT = 3;
const SIGKILL = 9;
const SIGTERM = 15;
const SIG_IGN = 1;
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

/** An exit status that the resolver has only where it failed itself. */
export const UNKNOWN = 125;

/** The kernel's struct sigaction: handler, flags, restorer, mask. */
const SIGACTION_SIZE = 32;

/** What the resolver can be started for. */
export interface Errand {
  /** Its arguments; what is no text is looked up when it starts. */
  readonly args: readonly (string | Operand)[];
  /** The only variables of the caller's that it gets to see, besides PATH. */
  readonly variables: readonly string[];
  /**
   * Its standard output goes to the descriptor that `run` is given, or to the caller's stderr.
   * "terminal": it talks with the terminal whose processes the caller is one of; where there is
   * none, as "stderr".
   */
  readonly output: "descriptor" | "stderr" | "nowhere" | "terminal";
  /** Where it starts: /, or where the caller is. */
  readonly folder: "/" | "caller's";
  /** In a session of its own, so that what it leaves behind outlives the caller's terminal. */
  readonly session: boolean;
  /** One look a millisecond; "for ever": it asks a person, whose keys may end it. */
  readonly patience_ms: number | "for ever";
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
  const become = defineBecome(s, m, variables, out);
  const waiting = defineWaiting(s, child);
  const keys = defineKeys(s);
  const run = (name: string, errand: Errand) => {
    const asks = errand.patience_ms === "for ever";
    return code.procedure(name, [out], () => {
      code.set(waiting.status, UNKNOWN);
      code.syscall(child, "clone", 0, 0, 0, 0, 0);
      m.ifError(child, () => code.return());
      code.if(child, "==", 0, () => {
        code.syscall(s.ignored, "prctl", PR_SET_PDEATHSIG, SIGKILL);
        code.syscall(child, "clone", 0, 0, 0, 0, 0);
        m.ifError(child, () => code.syscall(s.ignored, "exit_group", UNKNOWN));
        code.if(child, "==", 0, () => become(errand));
        // Its own end is told, whatever keys were pressed meanwhile.
        if (asks) code.call(keys.ignore);
        if (errand.patience_ms === "for ever") code.call(waiting.untilEnd);
        else code.call(waiting.for, errand.patience_ms);
        code.syscall(s.ignored, "exit_group", waiting.status);
      });
      if (asks) code.call(keys.ignore);
      code.call(waiting.untilEnd);
      if (asks) code.call(keys.restore);
    });
  };
  return {
    run,
    /** How it ended: its exit status, or UNKNOWN. */
    status: waiting.status,
    userTable: run("resolve_user_table", TABLE),
    systemTable: run("resolve_system_table", {
      ...TABLE,
      args: [...ROUTES, "--system"],
      variables: [],
    }),
  };
}

export type Resolver = ReturnType<typeof defineResolver>;

/** `for` waits for the child for so long, then ends it; `untilEnd` as long as it takes. */
function defineWaiting(s: State, child: Variable) {
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

/**
 * The terminal's keys are the resolver's while it asks, as those of system(3) are its command's:
 * who only waits ignores them, and what its caller set holds again afterwards.
 */
function defineKeys(s: State) {
  const { code } = s;
  const ignoring = code.buffer("keys_ignored", SIGACTION_SIZE);
  const kept = [SIGINT, SIGQUIT].map((signal) => (
    { signal, action: code.buffer(`keys_kept_${signal}`, SIGACTION_SIZE) }
  ));
  const ignore = code.procedure("ignore_keys", [], () => {
    code.write(8, ignoring, SIG_IGN);
    for (const { signal, action } of kept) {
      code.syscall(s.ignored, "rt_sigaction", signal, ignoring, action, 8);
    }
  });
  const restore = code.procedure("restore_keys", [], () => {
    for (const { signal, action } of kept) {
      code.syscall(s.ignored, "rt_sigaction", signal, action, 0, 8);
    }
  });
  return { ignore, restore };
}

/** What the child does: it becomes the resolver. */
function defineBecome(s: State, m: Messages, variables: Variables, out: Variable) {
  const { code } = s;
  const clean = defineClean(s, m, out);
  const takeTerminal = defineTakeTerminal(s, m);
  const pointers = code.buffer("child_pointers", 512);
  const cursor = code.variable("child_cursor");
  const value = code.variable("child_value");
  const environment = code.variable("child_environment");
  const push = (pointer: string | Operand) => {
    code.write(8, cursor, typeof pointer === "string" ? code.text(pointer) : pointer);
    code.do(cursor, cursor, "+", 8);
  };
  return (errand: Errand) => {
    // One that asks takes its windows with it.
    const end = errand.patience_ms === "for ever" ? SIGTERM : SIGKILL;
    code.syscall(s.ignored, "prctl", PR_SET_PDEATHSIG, end);
    const speaks = errand.output === "stderr" || errand.output === "terminal";
    if (speaks) code.set(out, 2);
    if (errand.output === "nowhere") code.set(out, -1);
    code.call(clean, speaks ? 1 : 0);
    if (errand.output === "terminal") code.call(takeTerminal);
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
    code.syscall(s.ignored, "exit_group", UNKNOWN);
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
  const giveUp = () => code.syscall(s.ignored, "exit_group", UNKNOWN);
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

/** Puts the controlling terminal, if there is one, in the place of descriptors 0, 1 and 2. */
function defineTakeTerminal(s: State, m: Messages): Procedure {
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
