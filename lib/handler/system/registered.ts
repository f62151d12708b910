/**
 * The errand `registered PID PATH …`: an old entry of binfmt_misc names binfmt-dispatcher, which
 * passes on its PID and the kernel's arguments. Only the auxiliary vector of that process tells
 * whether argv[0] follows the path, and the program's descriptor. If it has neither, somebody typed
 * `binfmt-dispatcher ./program` and means `run`.
 */
import { append, finished, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as linux from "../linux.ts";
import { cannotRun, end, fail, refuseDirectStart, say, sayNext } from "../message.ts";
import { u32, utf8 } from "../outside.ts";

/** Elf64_auxv_t: a type and a value. */
const ENTRY = { value: 8, end: 16 } as const;

const path = new Uint8Array(64);
const vector = new Uint8Array(1024);

/** Makes the start that of the program. */
export function takeOver(): void {
  if (caller.nArguments < 2) refuseDirectStart();
  const length = readVector(caller.argument(0));
  let flags = 0;
  let descriptor = caller.NO_DESCRIPTOR;
  for (let at = 0; at + ENTRY.end <= length; at += ENTRY.end) {
    const type = u32(vector, at);
    const value = u32(vector, at + ENTRY.value);
    if (type === caller.AT.FLAGS) flags = value;
    if (type === caller.AT.EXECFD) descriptor = value;
  }
  caller.takeOver(flags, descriptor);
  if (length <= 0) fail(126, "the auxiliary vector of binfmt-dispatcher cannot be read in /proc");
  if (caller.isSecure) refusePrivileged();
}

function readVector(pid: Uint8Array): number {
  const length = append(path, append(path, append(path, 0, utf8("/proc/")), pid), utf8("/auxv"));
  const descriptor = linux.open(finished(path, length) ?? NONE, linux.O_RDONLY | linux.O_CLOEXEC);
  if (descriptor < 0) return 0;
  const read = linux.pread(descriptor, vector, 0);
  linux.close(descriptor);
  return read;
}

/** With flag C, or if real and effective IDs differ: Deno is not made for that. */
function refusePrivileged(): never {
  cannotRun();
  say("it runs with another user's privileges, and binfmt_misc names binfmt-dispatcher");
  sayNext();
  say("Register the handler: binfmt-dispatcher enable");
  end(126);
}
