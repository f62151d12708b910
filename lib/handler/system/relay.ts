/**
 * Relays the program's input and output in muvm's guest, so that none is lost. The server's loop,
 * run_io_guest() in guest/server_worker.rs, blocks while the program does not read its input, fails
 * once nothing can read it, and drops unread output when its child ends.
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

/** The size of struct pollfd: descriptor, events, revents. */
const POLLFD = 8;
const polled = new Uint8Array(4 * POLLFD);
const time = new Uint8Array(16);
const pair = new Uint8Array(8);
const answer = new Uint8Array(64);
const buffer = new Uint8Array(65536);

/** A pidfd of the program; NONE if there is none. */
let child = NONE;
/** muvm's pipe, until its end. */
let source = NONE;
/** The end to write of the program's standard input. */
let sink = NONE;
/** A file in memory; its bytes from `head` to `tail` are input that was not written yet. */
let pending = NONE;
let head = 0;
let tail = 0;
/** The program's output is full, so it may not read input until muvm reads the output. */
let isOutputFull = false;
/** Is input, or its end, certain to arrive? */
let isExpected = false;
let hasArrived = false;

/** Input comes from muvm's pipe; `isComing`: some, or its end, is certain to arrive. */
export function expectInput(isComing: boolean): void {
  isExpected = isComing;
  source = STDIN;
}

/** Creates the program's standard input; returns the end to read, or −errno. */
export function openInput(): number {
  pending = linux.memfd(utf8("input"), false);
  const error = pending < 0 ? pending : linux.pipe(pair);
  if (error < 0) return error;
  sink = u32(pair, 4);
  linux.doNotWait(sink);
  return u32(pair, 0);
}

/** Relays input until the process ends. */
export function relayUntilEnd(process: number): void {
  child = linux.openProcess(process);
  if (sink !== NONE) linux.close(u32(pair, 0));
  isOutputFull = false;
  let hasEnded = child < 0;
  while (!hasEnded) {
    watch(0, child, POLLIN);
    watch(1, STDOUT, 0);
    watch(2, tail === head || sink === NONE || isOutputFull ? source : NONE, POLLIN);
    watch(3, tail > head ? sink : NONE, POLLOUT);
    const n = tail > head && !isOutputFull ? wait(20) : linux.poll(polled, undefined);
    if (n < 0) giveUp(n);
    if (n === 0) isOutputFull = isFull(STDOUT) || isFull(STDERR);
    if (has(1, POLLERR)) terminate();
    if (has(3, WRITABLE)) writeInput();
    if (has(2, READABLE)) readInput();
    hasEnded = has(0, POLLIN);
  }
}

/** Ends the program's process group, such as when the process that called muvm has ended. */
function terminate(): never {
  // muvm takes death by a signal for success: guest/server_worker.rs.
  linux.ignoreSignal(SIGTERM, undefined);
  linux.kill(0, SIGTERM);
  linux.exit(128 + SIGTERM);
}

/** Says why the program's input cannot be relayed, and ends the program. */
export function giveUp(error: number): never {
  say("binfmt-dispatcher: Cannot relay input in muvm's virtual machine: ", wordsOf(error));
  print();
  terminate();
}

function readInput(): void {
  isExpected = false;
  hasArrived = true;
  const length = linux.read(source, buffer);
  if (length <= 0) source = NONE;
  else if (sink !== NONE) {
    // Input must not be lost silently if memory runs out.
    const kept = linux.pwrite(pending, part(buffer, 0, length), tail);
    if (kept !== length) giveUp(kept < 0 ? kept : linux.ENOSPC);
    tail += length;
  }
  closeAtEnd();
}

function writeInput(): void {
  const room = tail - head < buffer.length ? tail - head : buffer.length;
  const length = linux.pread(pending, part(buffer, 0, room), head);
  const written = length <= 0 ? length : linux.write(sink, part(buffer, 0, length));
  if (written >= 0) head += written;
  else if (written !== linux.EAGAIN) closeSink();
  isOutputFull = false;
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

/** Bytes of the program's output that muvm has not read yet. */
let owedOut = 0;
let owedErr = 0;
/** Bytes in the pipes at the last turn; processes that the program left can add more. */
let unreadOut = 0;
let unreadErr = 0;

/**
 * Waits until muvm has read as many bytes as the pipes contain when the program ends, and discards
 * input meanwhile.
 */
export function drain(): void {
  /** Turns without input before no more is expected, and turns at most; one is a millisecond. */
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
      readInput();
    }
    isOpen = source !== NONE && (isExpected || quiet < QUIET) && turns < LIMIT;
    countRead();
  }
}

/** Subtracts what muvm has read since the last turn; nothing is owed to a closed pipe. */
function countRead(): void {
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

/** Leaves a process that reads input until muvm closes the pipe; without a reader muvm fails. */
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

/** Sets the n-th descriptor and the events to wait for; NONE disables it. */
function watch(n: number, descriptor: number, events: number): void {
  store(polled, n * POLLFD, 4, descriptor === NONE ? 0xffff_ffff : descriptor);
  store(polled, n * POLLFD + 4, 4, events);
}

/** Waits for at most so many milliseconds; returns 0 if no event came. */
function wait(milliseconds: number): number {
  store(time, 0, 8, 0);
  store(time, 8, 8, milliseconds * 1_000_000);
  return linux.poll(polled, time);
}

function has(n: number, events: number): boolean {
  return (u16(polled, n * POLLFD + 6) & events) !== 0;
}

/**
 * The same for a terminal, which does not tell how much is unread. When muvm reads, the kernel
 * wakes writers (n_tty_check_unthrottle() in drivers/tty/n_tty.c), so all is read once that stops.
 * If muvm does not read for QUIET, the rest is lost.
 */
export function drainTerminal(): void {
  /** Milliseconds. */
  const QUIET = 50;
  /** Wakes at most: a terminal holds 68 KiB, and one read takes 4 KiB. */
  const LIMIT = 200;
  const wakes = linux.watchReader(STDOUT);
  let turns = 0;
  while (turns < LIMIT && linux.awaitReader(wakes, QUIET) > 0) turns++;
}
