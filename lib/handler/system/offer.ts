/** Offers to install what is missing, if a person is there; one start of a user asks at a time. */
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

/** Nobody is asked again for this long after a refusal, or an installation that did not help. */
const REMEMBERED_NS = 10_000_000_000;

/**
 * A file in the caller's cache directory: a start that asks holds its lock, and its mtime is the
 * time of the last refusal. Below 0 if it cannot be opened.
 */
let record = -1;

/**
 * Returns the candidate that can run the program now, or NO_CANDIDATE. The resolver asks, installs,
 * and exits with 126 or 127 if it has told the person why the program cannot run.
 */
export function offer(list: number): number {
  const session = findSession();
  if (session === SESSION.NONE) return NO_CANDIDATE;
  const mayAsk = openRecord() && waitForTurn(session);
  // Another start may have installed it meanwhile.
  const installed = choose(list);
  if (installed !== NO_CANDIDATE || !mayAsk) return installed;
  const status = install(table.targetName(kind.target), percentEncode(caller.program));
  const chosen = choose(list);
  if (chosen === NO_CANDIDATE) linux.pwrite(record, utf8("no\n"), 0);
  linux.close(record);
  if (chosen === NO_CANDIDATE && (status === 126 || status === 127)) exit(status);
  return chosen;
}

function openRecord(): boolean {
  holdStandardDescriptors();
  caches.choose();
  if (caches.directory < 0) return false;
  const flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  record = linux.openIn(caches.directory, utf8("asked"), flags, 0o600);
  return record >= 0;
}

/** Waits until no other start asks. May this one, or was the answer no just now? */
function waitForTurn(session: number): boolean {
  // Another error than EAGAIN: the file system has no locks.
  if (linux.tryLock(record) === EAGAIN) {
    if (session === SESSION.AT_TERMINAL) {
      say("binfmt-dispatcher: Waiting for an installation that another program started");
      print();
    }
    linux.lock(record);
  }
  file.lookAt(record);
  if (file.size === 0) return true;
  clock.take();
  const age = clock.since(file.mtime);
  return age < 0 || age >= REMEMBERED_NS;
}
