import type { Operand, Variable } from "../native/program.ts";
import { AT_FDCWD, openFlags } from "./file.ts";
import type { Messages } from "./message.ts";
import type { Variables } from "./environment.ts";
import type { State } from "./state.ts";

const SIGKILL = 9;
const SIG_SETMASK = 2;
const LAST_SIGNAL = 64;
const F_DUPFD = 0;
const F_GETFD = 1;
const WNOHANG = 1;
/** Wait also for a child that sends no signal at its end. */
const WALL = 0x40000000;
/** One look a millisecond. */
const PATIENCE_MS = 10_000;

/**
 * The only variables of the caller's that the resolver gets to see; of these the configuration
 * depends on.
 */
const RESOLVER_VARIABLES = ["HOME", "XDG_CONFIG_HOME"] as const;

/**
 * Starts the resolver and waits for its end. It is a child without an exit signal, because a
 * SIGCHLD that the caller blocks would stay pending across our execve; and nothing of the caller's
 * reaches it but the variables above.
 */
export function defineResolver(s: State, m: Messages, variables: Variables) {
  const { code } = s;
  /** Where the table is to be written. */
  const out = code.variable("resolver_out");
  /** 1: only the system's layers. */
  const system = code.variable("resolver_system");
  const child = code.variable("child");
  const result = code.variable("child_result");

  const prepare = definePrepare(s, m, out);
  const becomeResolver = defineBecomeResolver(s, variables, system);

  /** Runs the resolver until its end, or for as long as one can wait for it. */
  const run = code.procedure("run_resolver", [out, system], () => {
    const turns = code.variable("child_turns");
    const pause = code.bytes(
      new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x42, 0x0f, 0, 0, 0, 0, 0]),
    );
    code.syscall(child, "clone", 0, 0, 0, 0, 0);
    m.ifError(child, () => code.return());
    code.if(child, "==", 0, () => {
      code.call(prepare);
      code.call(becomeResolver);
    });
    code.set(turns, 0);
    code.loop(() => {
      code.syscall(result, "wait4", child, 0, WNOHANG | WALL, 0);
      code.if(result, "!=", 0, () => code.leave());
      code.if(turns, ">=", PATIENCE_MS, () => {
        code.syscall(s.ignored, "kill", child, SIGKILL);
        code.syscall(s.ignored, "wait4", child, 0, WALL, 0);
        code.leave();
      });
      code.syscall(s.ignored, "nanosleep", pause, 0);
      code.do(turns, turns, "+", 1);
    });
  });
  return { run };
}

export type Resolver = ReturnType<typeof defineResolver>;

/**
 * Leaves the child nothing of the caller's but descriptor 2, and the table's file for descriptor 1.
 */
function definePrepare(s: State, m: Messages, out: Variable) {
  const { code } = s;
  const flags = openFlags(s);
  const zeros = code.buffer("zeros", 64);
  const result = code.variable("prepare_result");
  return code.procedure("prepare_child", [], () => {
    code.syscall(s.ignored, "rt_sigprocmask", SIG_SETMASK, zeros, 0, 8);
    const signal = code.variable("child_signal");
    code.set(signal, 1);
    code.while(signal, "<=", LAST_SIGNAL, () => {
      code.syscall(s.ignored, "rt_sigaction", signal, zeros, 0, 8);
      code.do(signal, signal, "+", 1);
    });
    // Above 2 first: the table's descriptor may itself be 0, 1 or 2.
    code.syscall(out, "fcntl", out, F_DUPFD, 3);
    const nothing = code.variable("child_null");
    code.syscall(nothing, "openat", AT_FDCWD, code.text("/dev/null"), flags.O_RDWR, 0);
    code.syscall(nothing, "fcntl", nothing, F_DUPFD, 3);
    code.syscall(s.ignored, "dup3", nothing, 0, 0);
    code.syscall(s.ignored, "dup3", out, 1, 0);
    code.syscall(result, "fcntl", 2, F_GETFD);
    m.ifError(result, () => code.syscall(s.ignored, "dup3", nothing, 2, 0));
    code.syscall(s.ignored, "close_range", 3, 0xffffffff, 0);
    code.syscall(s.ignored, "umask", 0o022);
    code.syscall(s.ignored, "chdir", code.text("/"));
  });
}

/** The child becomes the resolver. */
function defineBecomeResolver(s: State, variables: Variables, system: Variable) {
  const { code } = s;
  const pointers = code.buffer("child_pointers", 128);
  const cursor = code.variable("child_cursor");
  const value = code.variable("child_value");
  const pushPointer = (pointer: Operand) => {
    code.write(8, cursor, pointer);
    code.do(cursor, cursor, "+", 8);
  };
  return code.procedure("become_resolver", [], () => {
    const resolver = code.text(s.options.resolver);
    const environment = code.variable("child_environment");
    code.set(cursor, pointers);
    pushPointer(resolver);
    pushPointer(code.text("routes"));
    code.if(system, "==", 1, () => pushPointer(code.text("--system")));
    code.write(8, cursor, 0);
    code.do(cursor, cursor, "+", 8);
    code.set(environment, cursor);
    pushPointer(code.text("PATH=/usr/bin:/bin"));
    code.if(system, "==", 0, () => {
      for (const name of RESOLVER_VARIABLES) {
        variables.find(value, name);
        code.if(value, "!=", 0, () => {
          // The string that the value is the end of.
          code.do(value, value, "-", name.length + 1);
          pushPointer(value);
        });
      }
    });
    code.write(8, cursor, 0);
    code.syscall(s.ignored, "execve", resolver, pointers, environment);
    code.syscall(s.ignored, "exit_group", 127);
  });
}
