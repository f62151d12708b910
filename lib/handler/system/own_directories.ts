/**
 * The caller's two directories for tables. /run/user/UID comes first if XDG_RUNTIME_DIR is that;
 * otherwise it rarely exists, and looking there costs a system call.
 */
import { decimal, join, NONE, same } from "../bytes.ts";
import * as caller from "../caller.ts";
import { PATH_MAX } from "../linux.ts";
import { utf8 } from "../outside.ts";
import * as file from "./file.ts";

const session = new Uint8Array(32);
const runtimeBuffer = new Uint8Array(64);
const homeBuffer = new Uint8Array(PATH_MAX);
const cacheBuffer = new Uint8Array(PATH_MAX);

/** Does XDG_RUNTIME_DIR name /run/user/UID? */
export let isSession = false;
/** /run/user/UID */
export let user: Uint8Array = NONE;
/** /run/user/UID/binfmt-dispatcher */
export let runtime: Uint8Array = NONE;
/** $XDG_CACHE_HOME or $HOME, which must exist; undefined if neither is known. */
export let base: Uint8Array | undefined = undefined;
/** $XDG_CACHE_HOME, else ~/.cache. */
export let home: Uint8Array | undefined = undefined;
/** The directory in `home`. */
export let cache: Uint8Array | undefined = undefined;

export function find(): void {
  user = join(session, utf8("/run/user/"), decimal(caller.euid)) ?? NONE;
  const named = caller.directory("XDG_RUNTIME_DIR");
  isSession = named !== undefined && same(named, user);
  runtime = join(runtimeBuffer, user, utf8("/binfmt-dispatcher")) ?? NONE;
  findHome();
  cache = home === undefined ? undefined : join(cacheBuffer, home, utf8("/binfmt-dispatcher"));
}

/** Does `base` belong to the caller alone? Otherwise the cache is not used. */
export function isBaseOwn(): boolean {
  return base !== undefined && file.look(base) && file.isPrivate();
}

function findHome(): void {
  base = caller.moved("XDG_CACHE_HOME");
  home = base;
  if (base !== undefined) return;
  base = caller.home();
  if (base !== undefined) home = join(homeBuffer, base, utf8("/.cache"));
}
