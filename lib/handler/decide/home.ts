/**
 * The caller's home directory. It counts only if the effective user owns it and nobody else can
 * write to it: sudo can keep another user's HOME. What is below it is trusted, links included.
 */
import { join } from "../bytes.ts";
import * as caller from "../caller.ts";
import { close, ENOENT, O_CLOEXEC, O_DIRECTORY, O_PATH, open, PATH_MAX } from "../linux.ts";
import { part, utf8 } from "../outside.ts";
import * as file from "../system/file.ts";

const homeBuffer = new Uint8Array(PATH_MAX);
const dataBuffer = new Uint8Array(PATH_MAX);
const belowHome = new Uint8Array(PATH_MAX);
const linkBuffer = new Uint8Array(PATH_MAX);
const realBuffer = new Uint8Array(PATH_MAX);

/** Are they looked up already? Once for each start: what is executed must be what was checked. */
let isKnown = false;
let isDataKnown = false;
let known: Uint8Array | undefined = undefined;
let knownData: Uint8Array | undefined = undefined;

/** Forgets what was found for the last start. */
export function forget(): void {
  isKnown = false;
  isDataKnown = false;
}

/** The home directory with all links resolved, so that nobody can redirect it; else undefined. */
export function findHome(): Uint8Array | undefined {
  if (!isKnown) known = canonical(caller.home(), homeBuffer);
  isKnown = true;
  return known;
}

/** XDG_DATA_HOME, else ~/.local/share; undefined if neither is known. */
export function findDataHome(): Uint8Array | undefined {
  if (!isDataKnown) knownData = lookForDataHome();
  isDataKnown = true;
  return knownData;
}

function lookForDataHome(): Uint8Array | undefined {
  const moved = caller.moved("XDG_DATA_HOME");
  if (moved !== undefined) return canonical(moved, dataBuffer);
  const home = findHome();
  return home === undefined ? undefined : join(belowHome, home, utf8("/.local/share"));
}

/** Where a path below the home directory leads; undefined if nothing is there. */
export function findBelow(home: Uint8Array, rest: Uint8Array): Uint8Array | undefined {
  const path = join(linkBuffer, home, rest);
  return path === undefined ? undefined : resolve(path, 0, realBuffer);
}

/** Resolves all links first, and checks the directory that they lead to. */
function canonical(given: Uint8Array | undefined, into: Uint8Array): Uint8Array | undefined {
  return given === undefined ? undefined : resolve(given, O_DIRECTORY, into);
}

/** The path with all links resolved; with O_DIRECTORY, it must be a private directory. */
function resolve(path: Uint8Array, kind: number, into: Uint8Array): Uint8Array | undefined {
  const descriptor = open(path, O_PATH | kind | O_CLOEXEC);
  if (descriptor < 0) return unknown(path, descriptor);
  if (kind !== 0 && !file.lookAt(descriptor)) return unknown(path, file.error);
  const counts = kind === 0 || file.isPrivate();
  const length = counts ? file.pathOf(descriptor, into) : ENOENT;
  close(descriptor);
  return length < 0 ? unknown(path, length) : part(into, 0, length);
}

function unknown(path: Uint8Array, error: number): Uint8Array | undefined {
  file.failUnlessAbsent(path, error);
  return undefined;
}
