/** Finds the user's layer. */
import { USER_LAYER } from "../../paths.ts";
import { append, finished, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import { PATH_MAX } from "../linux.ts";
import { utf8 } from "../outside.ts";
import * as file from "./file.ts";
import * as statCache from "./stat_cache.ts";

const buffer = new Uint8Array(PATH_MAX);

export let path: Uint8Array = NONE;
/**
 * Does it exist, and belong to the user or root? The resolver reads it, decides whether it counts,
 * and says why if not.
 */
export let isOwn = false;

/** There is no user layer from here on. */
export function forget(): void {
  isOwn = false;
  statCache.forget();
}

export function find(): void {
  forget();
  const found = below(caller.moved("XDG_CONFIG_HOME"), "/") ?? below(caller.home(), "/.config/");
  if (found === undefined || !file.isThere(found)) return;
  path = found;
  isOwn = file.uid === caller.euid || file.uid === 0;
  if (isOwn) statCache.keep(path);
}

/** Undefined if the directory is unknown, or the path is too long. */
function below(directory: Uint8Array | undefined, between: string): Uint8Array | undefined {
  if (directory === undefined) return undefined;
  const end = append(buffer, append(buffer, 0, directory), utf8(between));
  return finished(buffer, append(buffer, end, utf8(USER_LAYER)));
}
