/**
 * Stands between muvm's guest server and the program that it was asked for, so that nothing is
 * lost: guest/server_worker.rs, run_io_guest, is one loop that waits where the program does not
 * read its input, ends with an error where nobody reads it any more, and leaves output unread once
 * its child has ended.
 */
import { store } from "../bytes.ts";
import { wordsOf } from "../error_words.ts";
import * as linux from "../linux.ts";
import { print, say } from "../message.ts";
import { part, u16, u32, utf8 } from "../outside.ts";
import { SIGTERM } from "./signals.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const NONE = -1;

/** Events of poll(2). */
const POLLIN = 1;
const POLLOUT = 4;
const POLLERR = 8;
const READABLE = POLLIN | 16; // or POLLHUP
const WRITABLE = POLLOUT | POLLERR;

/** struct pollfd: the descriptor, the events that are waited for, those that came. */
const POLLFD = 8;
const polled = new Uint8Array(4 * POLLFD);
const time = new Uint8Array(16);
const pair = new Uint8Array(8);
const answer = new Uint8Array(64);
const buffer = new Uint8Array(65536);

/** Whose end is waited for, standard input, and the program's; NONE where there is none. */
let child = NONE;
let source = NONE;
let sink = NONE;
/** Holds what came in and has not gone on: the bytes of a file from `head` to `tail`. */
let held = NONE;
let head = 0;
let tail = 0;
/** The program waits for its output to be read, and reads no input meanwhile. */
let isStuck = false;
/** Is something, or the end, still to come? */
let isExpected = false;
let hasArrived = false;

/** Reads muvm's pipe; something is in it where `isComing`. */
export function expectInput(isComing: boolean): void {
  isExpected = isComing;
  source = STDIN;
}

/** Makes the program's own standard input; gives the end that it reads, or −errno. */
export function openInput(): number {
  held = linux.memfd(utf8("input"), false);
  const error = held < 0 ? held : linux.pipe(pair);
  if (error < 0) return error;
  sink = u32(pair, 4);
  linux.doNotWait(sink);
  return u32(pair, 0);
}

/** Passes on what comes in until the process has ended. */
export function passUntilEnd(process: number): void {
  child = linux.openProcess(process);
  if (sink !== NONE) linux.close(u32(pair, 0));
  isStuck = false;
  let hasEnded = child < 0;
  while (!hasEnded) {
    watch(0, child, POLLIN);
    watch(1, STDOUT, 0);
    watch(2, tail === head || sink === NONE || isStuck ? source : NONE, POLLIN);
    watch(3, tail > head ? sink : NONE, POLLOUT);
    const n = tail > head && !isStuck ? wait(20) : linux.poll(polled, undefined);
    if (n < 0) giveUp(n);
    if (n === 0) isStuck = isFull(STDOUT) || isFull(STDERR);
    if (has(1, POLLERR)) leave();
    if (has(3, WRITABLE)) pass();
    if (has(2, READABLE)) take();
    hasEnded = has(0, POLLIN);
  }
}

/** Asks the program to end, as where nobody waits for it: whoever asked muvm for it has ended. */
function leave(): never {
  linux.kill(0, SIGTERM);
  linux.exit(128 + SIGTERM);
}

/** Says why the program cannot have its input, and ends it. */
export function giveUp(error: number): never {
  say("binfmt-dispatcher: Cannot pass input on in muvm's virtual machine: ", wordsOf(error));
  print();
  leave();
}

function take(): void {
  isExpected = false;
  hasArrived = true;
  const length = linux.read(source, buffer);
  if (length <= 0) source = NONE;
  else if (sink !== NONE) {
    // Without memory for it the program would miss something, and not know.
    const kept = linux.pwrite(held, part(buffer, 0, length), tail);
    if (kept !== length) giveUp(kept < 0 ? kept : linux.ENOSPC);
    tail += length;
  }
  closeAtEnd();
}

function pass(): void {
  const room = tail - head < buffer.length ? tail - head : buffer.length;
  const length = linux.pread(held, part(buffer, 0, room), head);
  const written = length <= 0 ? length : linux.write(sink, part(buffer, 0, length));
  if (written >= 0) head += written;
  else if (written !== linux.EAGAIN) closeSink();
  isStuck = false;
  if (head < tail) return;
  head = 0;
  tail = 0;
  closeAtEnd();
}

function closeAtEnd(): void {
  if (source === NONE && head === tail) closeSink();
}

function closeSink(): void {
  if (sink !== NONE) linux.close(sink);
  sink = NONE;
  head = 0;
  tail = 0;
}

/** Bytes of output that muvm still has to read. */
let owedOut = 0;
let owedErr = 0;
let unreadOut = 0;
let unreadErr = 0;

/**
 * Waits until muvm has read all that the program has written, and meanwhile throws away what still
 * comes in. What programs that it left behind write counts as little as can be told: what the pipes
 * held at the end is what has to go.
 */
export function drain(): void {
  /** Turns without input after which no more is to come; and turns at most. A millisecond each. */
  const QUIET = 100;
  const LIMIT = 2000;
  let quiet = hasArrived ? 0 : QUIET;
  closeSink();
  unreadOut = unread(STDOUT);
  unreadErr = unread(STDERR);
  owedOut = unreadOut;
  owedErr = unreadErr;
  let isOpen = source !== NONE && (isExpected || hasArrived);
  for (let turns = 0; isOpen || owedOut > 0 || owedErr > 0; turns++) {
    watch(0, NONE, 0);
    watch(1, source, POLLIN);
    watch(2, owedOut > 0 ? STDOUT : NONE, 0);
    watch(3, owedErr > 0 ? STDERR : NONE, 0);
    wait(1);
    quiet++;
    if (has(1, READABLE)) {
      quiet = 0;
      take();
    }
    isOpen = source !== NONE && (isExpected || quiet < QUIET) && turns < LIMIT;
    settle();
  }
}

/** Counts what was read since, where anybody reads it. */
function settle(): void {
  const out = unread(STDOUT);
  const err = unread(STDERR);
  owedOut -= out < unreadOut ? unreadOut - out : 0;
  owedErr -= err < unreadErr ? unreadErr - err : 0;
  unreadOut = out;
  unreadErr = err;
  if (has(2, POLLERR)) owedOut = 0;
  if (has(3, POLLERR)) owedErr = 0;
}

function unread(descriptor: number): number {
  return linux.unread(descriptor, answer) < 0 ? 0 : u32(answer, 0);
}

/**
 * Leaves somebody behind who reads what muvm still writes: it would end with an error. It ends with
 * muvm's end of the pipe.
 */
export function leaveReader(): void {
  if (source === NONE || linux.fork() !== 0) return;
  linux.close(STDOUT);
  linux.close(STDERR);
  while (linux.read(source, buffer) > 0);
  linux.exit(0);
}

function isFull(descriptor: number): boolean {
  watch(0, NONE, 0);
  watch(1, NONE, 0);
  watch(2, NONE, 0);
  watch(3, descriptor, POLLOUT);
  return wait(0) === 0;
}

/** Says what the n-th descriptor is, and what is waited for; NONE is none. */
function watch(n: number, descriptor: number, events: number): void {
  store(polled, n * POLLFD, 4, descriptor === NONE ? 0xffff_ffff : descriptor);
  store(polled, n * POLLFD + 4, 4, events);
}

/** Waits so many milliseconds at most; gives 0 where nothing came. */
function wait(milliseconds: number): number {
  store(time, 0, 8, 0);
  store(time, 8, 8, milliseconds * 1_000_000);
  return linux.poll(polled, time);
}

function has(n: number, events: number): boolean {
  return (u16(polled, n * POLLFD + 6) & events) !== 0;
}

/**
 * The same for a terminal. What it holds cannot be asked for; but muvm's reading wakes up whoever
 * waits to write (drivers/tty/n_tty.c, n_tty_check_unthrottle), so all is read when it does so no
 * more. A terminal that takes nothing for so long loses what is left.
 */
export function drainTerminal(): void {
  /** Milliseconds. */
  const QUIET = 50;
  /** Wakes at most: a terminal holds 68 KiB, of which 4 KiB are read at once. */
  const LIMIT = 200;
  const wakes = linux.watchReader(STDOUT);
  let turns = 0;
  while (turns < LIMIT && linux.awaitReader(wakes, QUIET) > 0) turns++;
}
