/**
 * `handler try PROGRAM ARGUMENTS…`: becomes a program of which only the end counts. Whatever it
 * turns out to be, it has no rights, nothing of the caller's, and not for ever.
 */
import { decimal, NONE, store } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as linux from "../linux.ts";
import { O_RDWR } from "../linux.ts";
import { utf8 } from "../outside.ts";
import * as pointers from "../pointers.ts";
import { setDefaultSignals } from "./clean.ts";

/** Nobody, on every Linux: the kernel's overflowuid and overflowgid. */
const NOBODY = 65534;
const SECONDS = 5;
/** Where the caller hears why the program could not be started; not the program's. */
const ANSWER = 3;
const LAST_DESCRIPTOR = 0xffff_ffff;

const argv = new Uint8Array(64);
const envp = new Uint8Array(16);
/** struct itimerval: an interval, then a time, each in seconds and microseconds of eight bytes. */
const alarm = new Uint8Array(32);

/** What the caller hears where root's rights cannot be given up; else it is the errno. */
const KEPT = "rights";

/** Ends with 0 and a word on standard output where there is no start. */
export function tryStart(): never {
  linux.dup3(1, ANSWER);
  linux.closeOnExecve(ANSWER);
  linux.closeRange(ANSWER + 1, LAST_DESCRIPTOR);
  const nothing = linux.open(utf8("/dev/null"), O_RDWR);
  if (nothing < 0) tell(nothing);
  for (let descriptor = 0; descriptor <= 2; descriptor++) linux.dup3(nothing, descriptor);
  linux.close(nothing);
  if (caller.nArguments === 0) tell(linux.ENOENT);
  setDefaultSignals();
  linux.chdir(utf8("/"));
  dropRights();
  store(alarm, 16, 8, SECONDS);
  linux.setAlarm(alarm);
  fillStrings();
  tell(linux.execve(caller.argument(0), argv, envp, 0));
}

/** Where a user namespace has no other user than root, or seccomp refuses it, nothing is tried. */
function dropRights(): void {
  if (linux.setNoNewPrivileges() < 0) tellWord(utf8(KEPT));
  if (caller.euid === 0 && linux.becomeUser(NOBODY) < 0) tellWord(utf8(KEPT));
}

function fillStrings(): void {
  pointers.clear();
  let end = 0;
  for (let i = 0; i < caller.nArguments; i++) end = pointers.push(argv, end, caller.argument(i));
  pointers.pushWord(argv, end, 0);
  end = pointers.push(envp, 0, pointers.ownString(NONE, utf8("PATH=/usr/bin:/bin")));
  pointers.pushWord(envp, end, 0);
}

function tell(error: number): never {
  tellWord(decimal(-error));
}

function tellWord(word: Uint8Array): never {
  linux.write(ANSWER, word);
  linux.exit(0);
}
