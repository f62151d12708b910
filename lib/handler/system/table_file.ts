/** Maps route tables and checks them. */
import { MAX_TABLE_SIZE } from "../../routes/format.ts";
import { NONE } from "../bytes.ts";
import * as table from "../decide/table.ts";
import { map, O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, open } from "../linux.ts";
import * as file from "./file.ts";
import { S_IFMT, S_IFREG, WRITABLE_BY_OTHERS } from "./file.ts";
import { compare, SOURCES } from "./sources.ts";

/** Stands for any owner. */
export const ANY_OWNER = -1;

/** The first complete but outdated table: it is used if none can be compiled. */
let stale: Uint8Array = NONE;

export function forget(): void {
  stale = NONE;
}

/**
 * Uses the table in a file from here on, if it is valid and `owner` owns it. ANY_OWNER: its path is
 * trusted. The descriptor stays open until execve, since closing it would cost a system call.
 */
export function use(path: Uint8Array, owner: number): boolean {
  const descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0 || !file.lookAt(descriptor)) return false;
  if ((file.mode & (S_IFMT | WRITABLE_BY_OTHERS)) !== S_IFREG) return false;
  if (owner !== ANY_OWNER && file.uid !== owner) return false;
  if (!useMapped(descriptor, false)) return false;
  const verdict = compare();
  if (verdict === SOURCES.CHANGED && stale.length === 0) stale = table.current();
  return verdict === SOURCES.UNCHANGED;
}

/** The same for the resolver's output, where identities have to be filled in. */
export function useFresh(descriptor: number): boolean {
  return file.lookAt(descriptor) && useMapped(descriptor, true);
}

/** Uses the outdated table, if there is one. */
export function useStale(): boolean {
  table.use(stale);
  return stale.length > 0;
}

/** Maps the file that was looked at last. */
function useMapped(descriptor: number, isWritable: boolean): boolean {
  if (file.size === 0 || file.size > MAX_TABLE_SIZE) return false;
  const bytes = map(descriptor, file.size, isWritable);
  if (bytes === undefined) return false;
  table.use(bytes);
  return table.isFrameWhole();
}
