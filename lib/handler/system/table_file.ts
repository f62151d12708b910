/** Maps route tables and says whether they may be used. */
import { MAX_TABLE_SIZE } from "../../routes/format.ts";
import { NONE } from "../bytes.ts";
import * as table from "../decide/table.ts";
import { map, O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, open } from "../linux.ts";
import * as file from "./file.ts";
import { S_IFMT, S_IFREG, WRITABLE_BY_OTHERS } from "./file.ts";
import { compare, SOURCES } from "./sources.ts";

/** An owner that nothing has. */
export const NOBODY = -1;

/** The first complete table that is out of date: it serves if none can be compiled. */
let stale: Uint8Array = NONE;

export function forget(): void {
  stale = NONE;
}

/**
 * Reads from now on the table in a file, if it holds. `owner` has to own it; NOBODY: it is trusted
 * by its path.
 */
export function use(path: Uint8Array, owner: number): boolean {
  const descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0 || !file.lookAt(descriptor)) return false;
  if ((file.mode & (S_IFMT | WRITABLE_BY_OTHERS)) !== S_IFREG) return false;
  if (owner !== NOBODY && file.uid !== owner) return false;
  if (!useMapped(descriptor, false)) return false;
  const verdict = compare();
  if (verdict === SOURCES.CHANGED && stale.length === 0) stale = table.current();
  return verdict === SOURCES.UNCHANGED;
}

/** The same for what the resolver wrote, in which identities have to be filled in. */
export function useFresh(descriptor: number): boolean {
  return file.lookAt(descriptor) && useMapped(descriptor, true);
}

/** Is there a table that is out of date? It must serve if no other can be compiled. */
export function useStale(): boolean {
  table.use(stale);
  return stale.length > 0;
}

/** Maps the file that was just looked at. */
function useMapped(descriptor: number, isWritable: boolean): boolean {
  if (file.size === 0 || file.size > MAX_TABLE_SIZE) return false;
  const bytes = map(descriptor, file.size, isWritable);
  if (bytes === undefined) return false;
  table.use(bytes);
  return table.isFrameWhole();
}
