/** Has the table made by the resolver, one caller at a time, and keeps it if it may be kept. */
import { decimal, join, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as table from "../decide/table.ts";
import * as linux from "../linux.ts";
import { O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } from "../linux.ts";
import { print, say } from "../message.ts";
import { utf8 } from "../outside.ts";
import * as caches from "./caches.ts";
import { resolveSystemTable, resolveUserTable } from "./child_command.ts";
import * as clock from "./clock.ts";
import { waitForLock } from "./lock.ts";
import { fillIn } from "./sources.ts";
import * as statCache from "./stat_cache.ts";
import { useFresh } from "./table_file.ts";
import { isAnybodyReading } from "./terminals.ts";
import * as userLayer from "./user_layer.ts";

/** Going on without the lock costs time only. */
const LOCK_PATIENCE_MS = 5_000;

const nameBuffer = new Uint8Array(32);
let temporary: Uint8Array = NONE;

/** Is there a table now? */
export function makeTable(): boolean {
  statCache.forget();
  caches.choose();
  if (caches.folder >= 0) {
    waitForLock(caches.folder, LOCK_PATIENCE_MS);
    if (caches.lookUp()) return true;
  }
  return resolve();
}

/** Did the resolver give a table? */
function resolve(): boolean {
  clock.take();
  const inFolder = makeFile();
  const out = inFolder >= 0 ? inFolder : linux.memfd(utf8("routes"), false);
  if (userLayer.isOwn) resolveUserTable(out);
  else resolveSystemTable(out);
  const isWhole = useFresh(out);
  const mayBeKept = isWhole && fillIn();
  if (isWhole) sayNotice();
  if (mayBeKept && inFolder >= 0) keep(out);
  else if (inFolder >= 0) linux.unlink(caches.folder, temporary);
  return isWhole;
}

/** A new file in the folder for tables, if there is such a folder. */
function makeFile(): number {
  if (caches.folder < 0) return caches.folder;
  temporary = join(nameBuffer, utf8("new-"), decimal(linux.getpid())) ?? NONE;
  linux.unlink(caches.folder, temporary);
  const flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  return linux.openIn(caches.folder, temporary, flags, 0o600);
}

/** What the resolver has to tell a person, if there is one. */
function sayNotice(): void {
  const notice = table.header.notice;
  if (notice === 0 || !isAnybodyReading()) return;
  const words = table.textIfWhole(notice);
  if (words === undefined) return;
  say(words);
  print();
}

/** The table takes its name only when it is whole. The system's is for everybody to read. */
function keep(out: number): void {
  linux.fchmod(out, caller.euid === 0 ? 0o644 : 0o600);
  linux.fsync(out);
  linux.rename(caches.folder, temporary, caches.name);
}
