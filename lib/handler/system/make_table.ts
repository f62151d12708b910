/** Has the table made by the resolver, one caller at a time, and keeps it if it may be kept. */
import { NEW_TABLE } from "../../paths.ts";
import * as caller from "../caller.ts";
import * as table from "../decide/table.ts";
import * as linux from "../linux.ts";
import { O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } from "../linux.ts";
import { print, say } from "../message.ts";
import { utf8 } from "../outside.ts";
import * as caches from "./caches.ts";
import { resolveSystemTable, resolveUserTable } from "./child_command.ts";
import * as clock from "./clock.ts";
import { waitForLock } from "./lock.ts";
import { fillIn } from "./sources.ts";
import { holdStandardDescriptors } from "./standard_descriptors.ts";
import * as statCache from "./stat_cache.ts";
import { useFresh } from "./table_file.ts";
import { isAnybodyReading } from "./terminals.ts";
import * as userLayer from "./user_layer.ts";

/** Going on without the lock costs time only. */
const LOCK_PATIENCE_MS = 5_000;

/** Is there a table now? */
export function makeTable(): boolean {
  statCache.forget();
  holdStandardDescriptors();
  caches.choose();
  if (caches.directory >= 0) waitForLock(caches.directory, LOCK_PATIENCE_MS);
  const isMade = caches.directory >= 0 && caches.lookUp() || resolve();
  // What follows may take its time: the lock goes with the descriptor.
  caches.close();
  return isMade;
}

/** Did the resolver give a table? It goes to memory, since no directory may be writable. */
function resolve(): boolean {
  clock.take();
  const out = linux.memfd(utf8("routes"), false);
  if (userLayer.isOwn) resolveUserTable(out);
  else resolveSystemTable(out);
  const isWhole = useFresh(out);
  const mayBeKept = isWhole && fillIn();
  if (isWhole) sayNotice();
  if (mayBeKept) keep();
  return isWhole;
}

/** Keeps the table in the first writable directory. Without one, each start compiles it again. */
function keep(): void {
  while (caches.directory >= 0) {
    if (isKept()) return;
    caches.chooseNext();
  }
}

/**
 * The table takes its name only when it is whole. Where a start was killed before, the next one
 * takes its file's place.
 */
function isKept(): boolean {
  const temporary = utf8(NEW_TABLE);
  linux.unlink(caches.directory, temporary);
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const file = linux.openIn(caches.directory, temporary, flags, 0o600);
  if (file < 0) return false;
  const bytes = table.current();
  let isWhole = linux.write(file, bytes) === bytes.length;
  // The system's is for everybody to read.
  linux.fchmod(file, caller.euid === 0 ? 0o644 : 0o600);
  if (linux.fsync(file) < 0) isWhole = false;
  linux.close(file);
  if (isWhole && linux.rename(caches.directory, temporary, caches.name) >= 0) return true;
  linux.unlink(caches.directory, temporary);
  return false;
}

/** The resolver's message for a person, if any. */
function sayNotice(): void {
  const notice = table.header.notice;
  if (notice === 0 || !isAnybodyReading()) return;
  const words = table.textIfWhole(notice);
  if (words === undefined) return;
  say(words);
  print();
}
