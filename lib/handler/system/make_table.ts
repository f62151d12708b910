/** Has the resolver make a table, for one caller at a time, and keeps it if that is safe. */
import { NEW_TABLE } from "../../paths.ts";
import { same } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as table from "../decide/table.ts";
import * as linux from "../linux.ts";
import { O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } from "../linux.ts";
import { print, say } from "../message.ts";
import { copy, option, utf8 } from "../outside.ts";
import * as caches from "./caches.ts";
import { resolveSystemTable, resolveUserTable } from "./child_command.ts";
import * as clock from "./clock.ts";
import * as file from "./file.ts";
import { waitForLock } from "./lock.ts";
import { fillIn } from "./sources.ts";
import { holdStandardDescriptors } from "./standard_descriptors.ts";
import * as statCache from "./stat_cache.ts";
import { useFresh } from "./table_file.ts";
import { isTerminal } from "./terminals.ts";
import * as userLayer from "./user_layer.ts";

const STDERR = 2;

/** Without the lock, two resolvers can run at once; that only costs time. */
const LOCK_PATIENCE_MS = 5_000;

/** The resolver's identity before it was started. */
const before = new Uint8Array(file.IDENTITY_SIZE);

/** Is there a table now? */
export function makeTable(): boolean {
  statCache.forget();
  holdStandardDescriptors();
  caches.choose();
  if (caches.directory >= 0) waitForLock(caches.directory, LOCK_PATIENCE_MS);
  const isMade = caches.directory >= 0 && caches.lookUp() || resolveEvenIfReplaced();
  // Releases the lock before an installation, which can take long.
  caches.close();
  return isMade;
}

/**
 * Did the resolver make a table? As it starts, Deno opens the path that /proc/self/exe names. That
 * fails if an upgrade has just replaced the file, and then the new one is started.
 */
function resolveEvenIfReplaced(): boolean {
  file.look(option("resolver"));
  copy(before, 0, file.identity);
  if (resolve()) return true;
  return file.look(option("resolver")) && !same(file.identity, before) && resolve();
}

/** Did the resolver make a table? It writes to memory, since no directory may be writable. */
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

/** Renames the table to its name once it is complete, and removes what a killed start left. */
function isKept(): boolean {
  const temporary = utf8(NEW_TABLE);
  linux.unlink(caches.directory, temporary);
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const descriptor = linux.openIn(caches.directory, temporary, flags, 0o600);
  if (descriptor < 0) return false;
  const bytes = table.current();
  let isWhole = linux.write(descriptor, bytes) === bytes.length;
  // Everybody reads the system table.
  linux.fchmod(descriptor, caller.euid === 0 ? 0o644 : 0o600);
  if (linux.fsync(descriptor) < 0) isWhole = false;
  linux.close(descriptor);
  if (isWhole && linux.rename(caches.directory, temporary, caches.name) >= 0) return true;
  linux.unlink(caches.directory, temporary);
  return false;
}

/** Prints the resolver's message, if there is one and a person sees it. */
function sayNotice(): void {
  const notice = table.header.notice;
  if (notice === 0 || !isTerminal(STDERR)) return;
  const words = table.textIfWhole(notice);
  if (words === undefined) return;
  say(words);
  print();
}
