/**
 * The errands `try PROGRAM ARGUMENTS…` and `probe`: become a program of which only the exit counts.
 * It gets no rights, nothing of the caller, and ten seconds.
 */
import { decimal, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as linux from "../linux.ts";
import { O_RDWR } from "../linux.ts";
import { part, utf8 } from "../outside.ts";
import * as pointers from "../pointers.ts";
import { setDefaultSignals } from "./clean.ts";
import { endInTime } from "./clock.ts";

/** The kernel's overflowuid and overflowgid: nobody. */
const NOBODY = 65534;
/** The descriptor that tells the caller why there was no start; the program does not get it. */
const ANSWER = 3;

const argv = new Uint8Array(64);
let endOfArgv = 0;
const envp = new Uint8Array(16);
/** Room for a probe: decide/program.ts. */
const image = new Uint8Array(1024);

/** Printed if privileges cannot be dropped; for other failures, the errno is. */
const KEPT = "rights";

/** `try`: if the program cannot be started, prints a word and exits with 0. */
export function tryStart(): never {
  begin();
  if (caller.nArguments === 0) tell(linux.ENOENT);
  endOfArgv = 0;
  for (let i = 0; i < caller.nArguments; i++) pass(caller.argument(i));
  leaveAll();
  tell(linux.execve(caller.argument(0), argv, envp, 0));
}

/** `probe`: the same for a program on standard input, which is executed from memory. */
export function tryProbe(): never {
  const length = linux.read(0, image);
  begin();
  const file = linux.memfd(utf8("probe"), true);
  if (file < 0) tell(file);
  if (length <= 0) tell(length < 0 ? length : linux.EINVAL);
  linux.write(file, part(image, 0, length));
  // The interpreter opens it as /dev/fd/N, so this descriptor is not close-on-exec.
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

/** Fails in a user namespace with root alone, or if seccomp refuses it: then nothing is tried. */
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
