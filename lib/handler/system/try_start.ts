/**
 * `handler try PROGRAM ARGUMENTS…`: becomes a program of which only the end counts. Whatever it
 * turns out to be, it has no rights, nothing of the caller's, and not for ever.
 */
import { decimal, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as linux from "../linux.ts";
import { O_RDWR } from "../linux.ts";
import { part, utf8 } from "../outside.ts";
import * as pointers from "../pointers.ts";
import { setDefaultSignals } from "./clean.ts";
import { endInTime } from "./clock.ts";

/** Nobody, on every Linux: the kernel's overflowuid and overflowgid. */
const NOBODY = 65534;
/** Where the caller hears why the program could not be started; not the program's. */
const ANSWER = 3;

const argv = new Uint8Array(64);
let endOfArgv = 0;
const envp = new Uint8Array(16);
/** More than a probe has: decide/program.ts. */
const image = new Uint8Array(1024);

/** Reported if root's privileges cannot be dropped; otherwise the errno is. */
const KEPT = "rights";

/** `try`: ends with 0 and a word on standard output where there is no start. */
export function tryStart(): never {
  begin();
  if (caller.nArguments === 0) tell(linux.ENOENT);
  endOfArgv = 0;
  for (let i = 0; i < caller.nArguments; i++) pass(caller.argument(i));
  leaveAll();
  tell(linux.execve(caller.argument(0), argv, envp, 0));
}

/** `probe`: the same for a program that comes by standard input and stays in memory. */
export function tryProbe(): never {
  const length = linux.read(0, image);
  begin();
  const file = linux.memfd(utf8("probe"), true);
  if (file < 0) tell(file);
  if (length <= 0) tell(length < 0 ? length : linux.EINVAL);
  linux.write(file, part(image, 0, length));
  // The kernel names it by its descriptor, which so has to stay open.
  const descriptor = linux.duplicate(file, ANSWER + 1);
  linux.close(file);
  endOfArgv = 0;
  pass(pointers.ownString(NONE, utf8("probe")));
  leaveAll();
  tell(linux.execveOf(descriptor, argv, envp, 0));
}

/** Descriptors 0, 1 and 2 are /dev/null, and ANSWER goes to the caller. */
function begin(): void {
  linux.dup3(1, ANSWER);
  linux.closeOnExecve(ANSWER);
  linux.closeFrom(ANSWER + 1);
  const nothing = linux.open(utf8("/dev/null"), O_RDWR);
  if (nothing < 0) tell(nothing);
  for (let descriptor = 0; descriptor <= 2; descriptor++) linux.dup3(nothing, descriptor);
  linux.close(nothing);
  pointers.clear();
}

function pass(argument: Uint8Array): void {
  endOfArgv = pointers.push(argv, endOfArgv, argument);
}

/** Drops what is the caller's: signals, directory, privileges, variables. */
function leaveAll(): void {
  setDefaultSignals();
  linux.chdir(utf8("/"));
  dropRights();
  endInTime();
  pointers.pushWord(argv, endOfArgv, 0);
  const path = pointers.ownString(NONE, utf8("PATH=/usr/bin:/bin"));
  pointers.pushWord(envp, pointers.push(envp, 0, path), 0);
}

/** Where a user namespace has no other user than root, or seccomp refuses it, nothing is tried. */
function dropRights(): void {
  if (linux.setNoNewPrivileges() < 0) tellWord(utf8(KEPT));
  if (caller.euid === 0 && linux.becomeUser(NOBODY) < 0) tellWord(utf8(KEPT));
}

function tell(error: number): never {
  tellWord(decimal(-error));
}

function tellWord(word: Uint8Array): never {
  linux.write(ANSWER, word);
  linux.exit(0);
}
