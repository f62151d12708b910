/**
 * Runs the resolver with a clean environment. It is a grandchild: if the caller blocks SIGCHLD, the
 * signal would stay pending across execve. So the child has no exit signal, and only waits, since
 * execve would set SIGCHLD as its exit signal (de_thread() in fs/exec.c).
 */
import { FORMAT_VERSION } from "../../routes/format.ts";
import { decimal, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import { workingDirectory } from "../decide/working_directory.ts";
import {
  chdir,
  execve,
  exit,
  fork,
  getpid,
  getppid,
  setParentDeathSignal,
  setsid,
} from "../linux.ts";
import { option, utf8 } from "../outside.ts";
import { clean, takeTerminal } from "./clean.ts";
import { ignoreKeys, restoreKeys } from "./keys.ts";
import * as pointers from "../pointers.ts";
import { SIGKILL, SIGTERM } from "./signals.ts";
import { UNKNOWN, waitAtMost, waitForEnd } from "./waiting.ts";

const STDERR = 2;

const argv = new Uint8Array(64);
const envp = new Uint8Array(256);
let endOfArgv = 0;
let endOfEnvp = 0;

/** Seconds for a resolver that asks nobody. It takes 0.03, and 5 in an emulated machine. */
const RESOLVER_LIMIT = 30;

/** Seconds until it is killed; NO_LIMIT if it asks a person, who can interrupt it. */
let timeLimit = 0;
const NO_LIMIT = -1;
/** Does it keep the caller's stderr? */
let keepsStderr = false;
/** Are descriptors 0 to 2 the controlling terminal, if there is one? */
let usesTerminal = false;
/** Does it start in the caller's working directory instead of /? */
let keepsDirectory = false;
/** Does it start a session, so that its own children outlive the caller's terminal? */
let startsSession = false;

/** Has the user's table written to `out`. */
export function resolveUserTable(out: number): void {
  begin(RESOLVER_LIMIT);
  passWords("routes", "--format");
  pass(NONE, decimal(FORMAT_VERSION));
  passVariables("HOME", "XDG_CONFIG_HOME");
  run(out);
}

/** Has the system table written to `out`. */
export function resolveSystemTable(out: number): void {
  begin(RESOLVER_LIMIT);
  passWords("routes", "--format");
  pass(NONE, decimal(FORMAT_VERSION));
  passWords("--system");
  run(out);
}

/** Explains the start on stderr; the program's path is in two pieces. */
export function explain(beginning: Uint8Array, rest: Uint8Array): void {
  begin(RESOLVER_LIMIT);
  keepsStderr = true;
  keepsDirectory = true;
  passWords("explain", "--");
  pass(beginning, rest);
  passDecisive();
  run(STDERR);
}

/** Asks a person whether to install what is missing; returns the exit status. */
export function install(machine: Uint8Array, started: Uint8Array): number {
  begin(NO_LIMIT);
  keepsStderr = true;
  usesTerminal = true;
  keepsDirectory = true;
  passWords("install");
  // One argument each, since a name can begin with a dash.
  pass(utf8("--machine="), machine);
  pass(utf8("--started="), started);
  // For dialogs, terminals and the resolver.
  passDecisive();
  passVariables("XDG_DATA_DIRS", "XDG_CONFIG_DIRS");
  passVariables("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "XDG_SESSION_ID");
  passVariables("KDE_FULL_SESSION", "KDE_SESSION_VERSION", "DISPLAY", "WAYLAND_DISPLAY");
  passVariables("XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "LANG", "LC_ALL", "LC_CTYPE");
  passVariables("LC_MESSAGES", "TERM", "NO_COLOR");
  return run(STDERR);
}

/** Starts muvm's virtual machine. */
export function startVm(): void {
  begin(60);
  keepsStderr = true;
  startsSession = true;
  passWords("vm", "start");
  // For windows, sound and D-Bus: the machine keeps the variables of its first start.
  passVariables("HOME", "LANG", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME");
  passVariables("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS");
  passVariables("PULSE_SERVER");
  run(STDERR);
}

function begin(seconds: number): void {
  timeLimit = seconds;
  keepsStderr = false;
  usesTerminal = false;
  keepsDirectory = false;
  startsSession = false;
  pointers.clear();
  endOfArgv = 0;
  endOfEnvp = 0;
  pass(NONE, option("resolver"));
  const path = pointers.ownString(NONE, utf8("PATH=/usr/bin:/bin"));
  endOfEnvp = pointers.push(envp, endOfEnvp, path);
}

/** Passes an argument, in two pieces. */
function pass(beginning: Uint8Array, rest: Uint8Array): void {
  endOfArgv = pointers.push(argv, endOfArgv, pointers.ownString(beginning, rest));
}

function passWords(...words: string[]): void {
  for (const each of words) pass(NONE, utf8(each));
}

/** Passes the variables that lib/start/gather.ts reads, so that the resolver decides alike. */
function passDecisive(): void {
  passVariables("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR");
  passVariables("BINFMT_DISPATCHER_INTERPRETER", "BOX64_NOBANNER", "FEX_APP_CONFIG_LOCATION");
  passVariables("FEX_ROOTFS", "QEMU_LD_PREFIX");
}

/** Passes variables of the caller. */
function passVariables(...names: string[]): void {
  for (const each of names) passVariable(each);
}

function passVariable(name: string): void {
  const entry = caller.entry(utf8(name));
  if (entry !== undefined) endOfEnvp = pointers.push(envp, endOfEnvp, entry);
}

/** Starts the resolver and waits for its end; returns its exit status, or UNKNOWN. */
function run(out: number): number {
  pointers.pushWord(argv, endOfArgv, 0);
  pointers.pushWord(envp, endOfEnvp, 0);
  const caller = getpid();
  const child = fork();
  if (child < 0) return UNKNOWN;
  if (child === 0) supervise(caller, out);
  const asks = timeLimit === NO_LIMIT;
  if (asks) ignoreKeys();
  const status = waitForEnd(child);
  if (asks) restoreKeys();
  return status;
}

/** The child: starts the resolver and exits with its status. */
function supervise(parent: number, out: number): never {
  endWithParent(parent, SIGKILL);
  const own = getpid();
  const child = fork();
  if (child < 0) exit(UNKNOWN);
  if (child === 0) becomeResolver(own, out);
  if (timeLimit !== NO_LIMIT) exit(waitAtMost(child, timeLimit));
  // It must outlive the resolver to report its status.
  ignoreKeys();
  exit(waitForEnd(child));
}

/** Ends this process when its parent ends, or has ended already. */
function endWithParent(parent: number, signal: number): void {
  setParentDeathSignal(signal);
  const now = getppid();
  // 0 is a parent outside of a new PID namespace, or none.
  if (now !== parent && now !== 0) exit(UNKNOWN);
}

/** The grandchild. */
function becomeResolver(parent: number, out: number): never {
  // On SIGTERM, a resolver that asks closes its dialogs.
  endWithParent(parent, timeLimit === NO_LIMIT ? SIGTERM : SIGKILL);
  clean(out, keepsStderr);
  if (usesTerminal) takeTerminal();
  // Deno does not start in a deleted directory.
  if (!keepsDirectory || workingDirectory().length === 0) chdir(utf8("/"));
  if (startsSession) setsid();
  execve(option("resolver"), argv, envp, 0);
  exit(UNKNOWN);
}
