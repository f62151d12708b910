import type { Operand, Variable } from "../native/program.ts";
import { FORMAT_VERSION } from "../routes/format.ts";
import { defineClean, defineTakeTerminal } from "./clean.ts";
import type { Variables } from "./environment.ts";
import { defineKeys } from "./keys.ts";
import type { Messages } from "./message.ts";
import { SIGKILL, SIGTERM } from "./signals.ts";
import type { State } from "./state.ts";
import { defineWaiting, UNKNOWN } from "./waiting.ts";

const PR_SET_PDEATHSIG = 1;

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
