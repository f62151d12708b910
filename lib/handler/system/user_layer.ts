/** The user's own layer. */
import { USER_LAYER } from "../../paths.ts";
import { append, finished, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import { PATH_MAX } from "../linux.ts";
import { utf8 } from "../outside.ts";
import * as file from "./file.ts";
import * as statCache from "./stat_cache.ts";

const buffer = new Uint8Array(PATH_MAX);

export let path: Uint8Array = NONE;
/** It is there, and theirs or root's. */
export let isOwn = false;
/** It is there, but this user's. */
export let isForeign = false;
export let owner = 0;

export function find(): void {
  isOwn = false;
  isForeign = false;
  statCache.forget();
  const found = below("XDG_CONFIG_HOME", "/") ?? below("HOME", "/.config/");
  if (found === undefined || !file.look(found)) return;
  path = found;
  owner = file.uid;
  isOwn = owner === caller.euid || owner === 0;
  isForeign = !isOwn;
  if (isOwn) statCache.keep(path);
}

/** Undefined where no such folder is known, or the path does not fit. */
function below(name: string, between: string): Uint8Array | undefined {
  const folder = caller.folder(name);
  if (folder === undefined) return undefined;
  const end = append(buffer, append(buffer, 0, folder), utf8(between));
  return finished(buffer, append(buffer, end, utf8(USER_LAYER)));
}
