import type { Environment } from "../environment.ts";
import { failed, success } from "../failure.ts";
import { findProgram } from "../find_program.ts";
import { isExecutable, notExecutable } from "../is_executable.ts";
import { keepWords } from "../explain/keep.ts";
import { OVERRIDE } from "../handler/decide/override.ts";
import { HANDLER } from "../paths.ts";
import { INHERIT, NOTHING, startProcess } from "../start_process.ts";
import type { Outcome } from "./answer.ts";
import type { Registered, Run } from "./command.ts";

/** Added to a signal's number, as in shells. */
const SIGNAL_STATUS = 128;
/** The terminal sends these to the program, too. */
const TERMINAL_SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGQUIT"];
const FORWARDED_SIGNALS: readonly Deno.Signal[] = [
  "SIGHUP",
  "SIGTERM",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
];
/**
 * Kills the shell's parent, without a second core dump. Rust's handler catches the first SIGSEGV or
 * SIGBUS and leaves the second to the kernel (std's stack_overflow.rs).
 */
const END_PARENT = 'prlimit --core=0 --pid $PPID 2>/dev/null; kill -s "$1" $PPID; ' +
  'case $1 in SEGV|BUS) sleep 0.1; kill -s "$1" $PPID;; esac';
/** Milliseconds to wait for the signal, which another thread receives. */
const PATIENCE = 1_000;

/**
 * `run PROGRAM ARGUMENTS`: starts the native handler as the kernel would, and ends as it does. The
 * errand `registered` is for entries that name this program: lib/handler/system/registered.ts.
 */
export async function run(
  command: Run | Registered,
  environment: Environment,
  handler = HANDLER,
): Outcome {
  const program = findProgram(command.program, environment);
  if (!program.ok) return program;
  if (!isExecutable(program.value, environment)) {
    return failed({
      code: "cannot-run",
      what: `run “${command.program}”`,
      ...notExecutable(program.value),
    });
  }
  const errand = command.kind === "run" ? [] : ["registered", String(Deno.pid)];
  const args = [...errand, program.value, ...command.args];
  const what = `run “${command.program}”`;
  const picked = command.kind === "run" ? command.with : undefined;
  const options = picked === undefined ? INHERIT : { ...INHERIT, env: { [OVERRIDE]: picked } };
  const toInstall = `As root: binfmt-dispatcher handler | install -D -m 755 /dev/stdin ${handler}`;
  const child = startProcess(handler, args, options, what, toInstall);
  if (!child.ok) return child;
  // Only after the start: otherwise the program would not inherit ignored signals.
  const stopForwarding = forwardSignals(child.value);
  const { code, signal } = await child.value.status;
  stopForwarding();
  const stderr = picked === undefined ? "" : await howToKeep(command.program, picked, environment);
  if (signal === null) return success({ stderr, status: code });
  await dieBy(signal, handler);
  return success({ status: Math.max(code, SIGNAL_STATUS) });
}

/** How to make the choice permanent; "" if the interpreter does not support the program. */
async function howToKeep(program: string, picked: string, environment: Environment) {
  const { reportOn } = await import("./explain.ts");
  const report = reportOn(program, environment, picked);
  if (!report.ok || report.value.keep === undefined) return "";
  return `${keepWords(report.value.keep).join("\n")}\n`;
}

/** Forwards signals to the program, and survives those of the terminal. */
function forwardSignals(child: Deno.ChildProcess): () => void {
  const all = [
    ...TERMINAL_SIGNALS.map((signal) => [signal, () => {}] as const),
    ...FORWARDED_SIGNALS.map((signal) => [signal, () => pass(child, signal)] as const),
  ];
  for (const [signal, listener] of all) Deno.addSignalListener(signal, listener);
  return () => {
    for (const [signal, listener] of all) Deno.removeSignalListener(signal, listener);
  };
}

function pass(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // The program has just exited.
  }
}

/**
 * Dies by the signal. Deno may not signal itself without permission to run every program, so a
 * shell does, and the handler starts the shell.
 */
async function dieBy(signal: Deno.Signal, handler: string): Promise<void> {
  const args = ["/bin/sh", "-c", END_PARENT, "sh", signal.slice("SIG".length)];
  const shell = startProcess(handler, args, NOTHING, `end by ${signal}`);
  if (!shell.ok) return;
  await shell.value.status;
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
}
