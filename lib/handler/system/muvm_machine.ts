import { append, decimal, finished, join, NONE, store } from "../bytes.ts";
import * as caller from "../caller.ts";
import { wordsOf } from "../error_words.ts";
import * as linux from "../linux.ts";
import { ENAMETOOLONG, O_CLOEXEC, O_CREAT, O_DIRECTORY, O_PATH, O_RDWR } from "../linux.ts";
import { cannotRun, end, say, sayNext } from "../message.ts";
import { part, utf8 } from "../outside.ts";
import { startVm } from "./child_command.ts";
import { waitForLock } from "./lock.ts";

/** struct sockaddr_un: family and path. */
const address = new Uint8Array(110);
const AF_UNIX = 1;
const SUN_PATH = 2;

const SERVER = "/krun/server";

/** muvm's ports for its programs. */
const FIRST_PORT = 50_000;
const LAST_PORT = 50_199;
const lock = new Uint8Array(64);

/** Another start may be starting the machine. */
const LOCK_PATIENCE_MS = 60_000;

/**
 * Starts muvm's machine unless its server answers, since the program of muvm's first start gets
 * neither pipes nor a status of its own. One start at a time: the server of a machine that boots
 * accepts connections but does not serve them.
 */
export function startMachine(): void {
  const runtime = caller.directory("XDG_RUNTIME_DIR") ?? NONE;
  const path = part(address, SUN_PATH, address.length);
  if (join(path, runtime, utf8(SERVER)) === undefined) tellOfSilence(runtime, ENAMETOOLONG);
  store(address, 0, 2, AF_UNIX);
  const directory = linux.open(runtime, O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) waitForLock(directory, LOCK_PATIENCE_MS);
  makePortLocks(directory);
  const server = linux.socket();
  if (linux.connect(server, address) < 0) {
    startVm();
    const error = linux.connect(server, address);
    if (error < 0) tellOfSilence(runtime, error);
  }
  linux.close(server);
  linux.close(directory);
}

/**
 * Creates the files that muvm locks, one for each program. If two muvm processes create the same
 * one at once, one of them fails: acquire_socket_lock() in launch.rs.
 */
function makePortLocks(directory: number): void {
  const known = linux.openIn(directory, lockOf(LAST_PORT), O_PATH | O_CLOEXEC, 0);
  if (known >= 0) {
    linux.close(known);
    return;
  }
  const mask = linux.umask(0o077);
  linux.mkdirIn(directory, utf8("krun"), 0o700);
  linux.mkdirIn(directory, utf8("krun/socket"), 0o700);
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) {
    linux.close(linux.openIn(directory, lockOf(port), O_RDWR | O_CREAT | O_CLOEXEC, 0o600));
  }
  linux.umask(mask);
}

/** The path of a port's lock; the next call overwrites it. */
function lockOf(port: number): Uint8Array {
  const start = append(lock, append(lock, 0, utf8("krun/socket/port-")), decimal(port));
  return finished(lock, append(lock, start, utf8(".lock"))) ?? NONE;
}

function tellOfSilence(runtime: Uint8Array, error: number): never {
  cannotRun();
  say("muvm's virtual machine does not answer at ", runtime, SERVER, ": ", wordsOf(error));
  sayNext();
  say("Run it by hand to see why: binfmt-dispatcher vm start");
  end(126);
}
