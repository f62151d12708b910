/**
 * The resolver as a child of ours. Nothing of the caller's reaches it but what is named here. It is
 * a grandchild: a SIGCHLD that the caller blocks would stay pending across our execve, so our child
 * has no exit signal; but whatever calls execve gets SIGCHLD for it (fs/exec.c, de_thread), so the
 * child only waits.
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

/** Seconds; FOR_EVER: it asks a person, whose keys may end it. */
let patience = 0;
const FOR_EVER = -1;
/** Its output goes to the caller's stderr. */
let speaks = false;
/** It talks with the terminal whose processes the caller is one of; without one it speaks. */
let talks = false;
/** It starts where the caller is, not in /. */
let staysHere = false;
/** In a session of its own, so that what it leaves behind outlives the caller's terminal. */
let isApart = false;

/** Has a table made to `out`. */
export function resolveUserTable(out: number): void {
  begin(10);
  passWords("routes", "--format");
  pass(NONE, decimal(FORMAT_VERSION));
  passVariables("HOME", "XDG_CONFIG_HOME");
  run(out);
}

export function resolveSystemTable(out: number): void {
  begin(10);
  passWords("routes", "--format");
  pass(NONE, decimal(FORMAT_VERSION));
  passWords("--system");
  run(out);
}

/** Has the start explained; the program's path is in two pieces. */
export function explain(beginning: Uint8Array, rest: Uint8Array): void {
  begin(10);
  speaks = true;
  staysHere = true;
  passWords("explain", "--");
  pass(beginning, rest);
  passWhatDecides();
  run(STDERR);
}

/** Has a person asked; gives the exit status. */
export function install(machine: Uint8Array, started: Uint8Array): number {
  begin(FOR_EVER);
  speaks = true;
  talks = true;
  staysHere = true;
  passWords("install");
  // Each one argument: a name may begin with a dash.
  pass(utf8("--machine="), machine);
  pass(utf8("--started="), started);
  // What dialogs, terminals and the resolver need of the caller's.
  passWhatDecides();
  passVariables("XDG_DATA_DIRS", "XDG_CONFIG_DIRS");
  passVariables("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "XDG_SESSION_ID");
  passVariables("KDE_FULL_SESSION", "KDE_SESSION_VERSION", "DISPLAY", "WAYLAND_DISPLAY");
  passVariables("XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "LANG", "LC_ALL", "LC_CTYPE");
  passVariables("LC_MESSAGES", "TERM", "NO_COLOR");
  return run(STDERR);
}

/** Has muvm's machine started. */
export function startVm(): void {
  begin(60);
  speaks = true;
  isApart = true;
  passWords("vm", "start");
  // What the machine's windows, sound and messages need: it takes them from its first start.
  passVariables("HOME", "LANG", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME");
  passVariables("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS");
  passVariables("PULSE_SERVER");
  run(STDERR);
}

function begin(seconds: number): void {
  patience = seconds;
  speaks = false;
  talks = false;
  staysHere = false;
  isApart = false;
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

/** What a child that decides as this start does has to know: lib/start/gather.ts asks for it. */
function passWhatDecides(): void {
  passVariables("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR");
  passVariables("BINFMT_DISPATCHER_INTERPRETER", "BOX64_NOBANNER", "FEX_APP_CONFIG_LOCATION");
  passVariables("FEX_ROOTFS", "QEMU_LD_PREFIX");
}

/** Passes variables of the caller's. */
function passVariables(...names: string[]): void {
  for (const each of names) passVariable(each);
}

function passVariable(name: string): void {
  const entry = caller.entry(utf8(name));
  if (entry !== undefined) endOfEnvp = pointers.push(envp, endOfEnvp, entry);
}

/** Starts the resolver and waits for its end; gives its exit status, or UNKNOWN. */
function run(out: number): number {
  pointers.pushWord(argv, endOfArgv, 0);
  pointers.pushWord(envp, endOfEnvp, 0);
  const caller = getpid();
  const child = fork();
  if (child < 0) return UNKNOWN;
  if (child === 0) wait(caller, out);
  const asks = patience === FOR_EVER;
  if (asks) ignoreKeys();
  const status = waitForEnd(child);
  if (asks) restoreKeys();
  return status;
}

/** What the child does. */
function wait(parent: number, out: number): never {
  endWith(parent, SIGKILL);
  const own = getpid();
  const child = fork();
  if (child < 0) exit(UNKNOWN);
  if (child === 0) become(own, out);
  if (patience !== FOR_EVER) exit(waitAtMost(child, patience));
  // Its own end is told, whatever keys were pressed meanwhile.
  ignoreKeys();
  exit(waitForEnd(child));
}

/** Its parent's end is this process' end, also if that was before. */
function endWith(parent: number, signal: number): void {
  setParentDeathSignal(signal);
  const now = getppid();
  // 0 is a parent outside of a new PID namespace, which cannot be told from none.
  if (now !== parent && now !== 0) exit(UNKNOWN);
}

/** What the grandchild does: it becomes the resolver. */
function become(parent: number, out: number): never {
  // One that asks takes its windows with it.
  endWith(parent, patience === FOR_EVER ? SIGTERM : SIGKILL);
  clean(out, speaks);
  if (talks) takeTerminal();
  // Deno starts in no directory that was deleted.
  if (!staysHere || workingDirectory().length === 0) chdir(utf8("/"));
  if (isApart) setsid();
  execve(option("resolver"), argv, envp, 0);
  exit(UNKNOWN);
}
