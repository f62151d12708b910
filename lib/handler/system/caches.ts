/** The directories with tables: one for the system's, two for the caller's own. */
import { TABLE_PREFIX } from "../../paths.ts";
import { FORMAT_VERSION } from "../../routes/format.ts";
import { append, decimal, finished, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as linux from "../linux.ts";
import { EPERM, O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY, PATH_MAX } from "../linux.ts";
import { option, part, utf8 } from "../outside.ts";
import * as file from "./file.ts";
import { hash } from "./hash.ts";
import * as ownDirectories from "./own_directories.ts";
import { ANY_OWNER, use } from "./table_file.ts";
import * as userLayer from "./user_layer.ts";

/** Stands for no directory. */
const NOWHERE = -1;

const nameBuffer = new Uint8Array(64);
const pathBuffer = new Uint8Array(PATH_MAX);

/** The table's file name: its format's version, and a hash of the user layer's path. */
export let name: Uint8Array = NONE;
let systemName: Uint8Array = NONE;

/** The table that was looked at last. */
export let path: Uint8Array = NONE;

/** A descriptor of the directory for this caller's tables; below 0 if there is none. */
export let directory = NOWHERE;

/** How many of the two own directories were tried. */
let nTried = 0;

export function forget(): void {
  directory = NOWHERE;
}

/** Is there a valid table? It is the one that is read from then on. */
export function lookUp(): boolean {
  findNames();
  if (!userLayer.isOwn) {
    if (lookUpSystem()) return true;
    if (caller.isSecure || caller.euid === 0) return false;
  }
  ownDirectories.find();
  const isSession = ownDirectories.isSession;
  return lookUpOwn(isSession) || lookUpOwn(!isSession);
}

function findNames(): void {
  let end = append(nameBuffer, append(nameBuffer, 0, utf8(TABLE_PREFIX)), decimal(FORMAT_VERSION));
  systemName = part(nameBuffer, 0, end);
  if (userLayer.isOwn) {
    end = append(nameBuffer, append(nameBuffer, end, utf8("-")), hash(userLayer.path));
  }
  name = part(nameBuffer, 0, end);
}

export function lookUpSystem(): boolean {
  return findPath(option("tables"), systemName) && use(path, ANY_OWNER);
}

function lookUpOwn(inRuntime: boolean): boolean {
  const own = inRuntime ? ownDirectories.runtime : ownDirectories.cache;
  if (own === undefined || !inRuntime && !ownDirectories.isBaseOwn()) return false;
  return findPath(own, name) && use(path, caller.euid);
}

function findPath(where: Uint8Array, fileName: Uint8Array): boolean {
  const end = append(pathBuffer, append(pathBuffer, 0, where), utf8("/"));
  const whole = finished(pathBuffer, append(pathBuffer, end, fileName));
  path = whole ?? NONE;
  return whole !== undefined;
}

/** Opens the directory for this caller's tables, and creates it if needed. */
export function choose(): void {
  directory = NOWHERE;
  nTried = 2;
  if (!userLayer.isOwn && caller.euid === 0) {
    open(option("tables"), 0o755);
    return;
  }
  ownDirectories.find();
  nTried = 0;
  chooseNext();
}

/** Opens the next one, if there is one left. */
export function chooseNext(): void {
  close();
  while (directory < 0 && nTried < 2) {
    const isSession = ownDirectories.isSession;
    openOwn(nTried === 0 ? isSession : !isSession);
    nTried++;
  }
}

export function close(): void {
  if (directory >= 0) linux.close(directory);
  directory = NOWHERE;
}

function openOwn(inRuntime: boolean): void {
  if (inRuntime) open(ownDirectories.runtime, 0o700);
  else openCache();
}

function openCache(): void {
  const home = ownDirectories.home;
  const cache = ownDirectories.cache;
  if (home === undefined || cache === undefined || !ownDirectories.isBaseOwn()) return;
  make(home, 0o700);
  open(cache, 0o700);
}

/** Creates a directory with this mode whatever the umask is: others may have to read it. */
function make(path: Uint8Array, mode: number): void {
  const umask = linux.umask(0);
  linux.mkdir(path, mode);
  linux.umask(umask);
}

function open(where: Uint8Array, mode: number): void {
  make(where, mode);
  directory = openPrivate(where);
}

/** Opens a directory that must be private to the user and not a link; else returns −errno. */
export function openPrivate(where: Uint8Array): number {
  const descriptor = linux.open(where, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) return descriptor;
  const isSeen = file.lookAt(descriptor);
  if (isSeen && file.isPrivate()) return descriptor;
  linux.close(descriptor);
  return isSeen ? EPERM : file.error;
}
