/** What is missing is offered where a person is there, by one start at a time for each user. */
import * as caller from "../caller.ts";
import { choose, NO_CANDIDATE } from "../decide/candidate.ts";
import * as kind from "../decide/kind.ts";
import * as table from "../decide/table.ts";
import * as linux from "../linux.ts";
import { EAGAIN, exit, O_CLOEXEC, O_CREAT, O_NOFOLLOW, O_RDWR } from "../linux.ts";
import { print, say } from "../message.ts";
import { utf8 } from "../outside.ts";
import * as caches from "./caches.ts";
import { install } from "./child_command.ts";
import * as clock from "./clock.ts";
import * as file from "./file.ts";
import { findSession, SESSION } from "./interactive_session.ts";
import { percentEncode } from "./percent.ts";
import { holdStandardDescriptors } from "./standard_descriptors.ts";

/** For so long nobody is asked again after a no, or after what did not help. */
const REMEMBERED_NS = 10_000_000_000;

/**
 * A file in the caller's own directory: its lock lets one start ask, its age tells of the last no.
 * Below 0 where there is none.
 */
let memory = -1;

/**
 * The candidate that can run it now, or NO_CANDIDATE. The resolver looks with the same functions,
 * asks, and installs. It ends with 126 or 127 where its person was told why the program cannot run.
 */
export function offer(list: number): number {
  const session = findSession();
  if (session === SESSION.NONE) return NO_CANDIDATE;
  const mayAsk = openMemory() && waitForTurn(session);
  // Somebody else may have installed it while this start waited.
  const installed = choose(list);
  if (installed !== NO_CANDIDATE || !mayAsk) return installed;
  const status = install(table.targetName(kind.target), percentEncode(caller.program));
  const chosen = choose(list);
  if (chosen === NO_CANDIDATE) linux.pwrite(memory, utf8("no\n"), 0);
  linux.close(memory);
  if (chosen === NO_CANDIDATE && (status === 126 || status === 127)) exit(status);
  return chosen;
}

/** Is there something that keeps in mind who was asked? */
function openMemory(): boolean {
  holdStandardDescriptors();
  caches.choose();
  if (caches.directory < 0) return false;
  const flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  memory = linux.openIn(caches.directory, utf8("asked"), flags, 0o600);
  return memory >= 0;
}

/** Waits until no other start asks; has nobody been asked in vain just now? */
function waitForTurn(session: number): boolean {
  // Not every file system has locks.
  if (linux.tryLock(memory) === EAGAIN) {
    if (session === SESSION.AT_TERMINAL) {
      say("binfmt-dispatcher: Waiting for an installation that another program started");
      print();
    }
    linux.lock(memory);
  }
  file.lookAt(memory);
  if (file.size === 0) return true;
  clock.take();
  const age = clock.since(file.mtime);
  return age < 0 || age >= REMEMBERED_NS;
}
