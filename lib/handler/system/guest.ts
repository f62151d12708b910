/**
 * The errand `guest UMASK INPUT DIRECTORY VARIABLES… INTERPRETER ARGUMENTS…`, in muvm's guest:
 * starts the interpreter with the caller's umask, standard input, directory and variables, and
 * exits with its status. decide/guest_words.ts writes the words.
 */
import { append, EQUALS, first, indexOf, same, SLASH } from "../bytes.ts";
import * as caller from "../caller.ts";
import { argv, endOfStrings, envp, finishString, forget, strings } from "../decide/arena.ts";
import { withAdded } from "../decide/environment.ts";
import { decoded, WORD } from "../decide/guest_words.ts";
import { wordsOf } from "../error_words.ts";
import * as linux from "../linux.ts";
import { O_CLOEXEC, O_RDONLY } from "../linux.ts";
import { end, refuseDirectStart, say } from "../message.ts";
import { at, part, u32, utf8 } from "../outside.ts";
import { push, pushWord } from "../pointers.ts";
import { pause } from "./clock.ts";
import { ignoreKeys, ignorePipes, restoreKeys } from "./keys.ts";
import * as relay from "./relay.ts";
import { hasSize, isTerminal } from "./terminals.ts";
import { UNKNOWN } from "./waiting.ts";

const STDIN = 0;

const status = new Uint8Array(8);

export function startInGuest(): never {
  if (caller.nArguments <= WORD.REST) refuseDirectStart();
  forget();
  // relay.ts can end the whole process group. At a terminal, muvm has started a session already.
  linux.setsid();
  enter(decoded(caller.argument(WORD.DIRECTORY)));
  linux.umask(octal(caller.argument(WORD.UMASK)));
  if (isTerminal(STDIN)) awaitSize();
  const input = openInput(decoded(caller.argument(WORD.INPUT)));
  // The terminal's keys are for the program.
  ignoreKeys();
  const child = linux.fork();
  if (child === 0) becomeInterpreter(input);
  if (child < 0) refuse("create ", "a process", child);
  const error = ignorePipes();
  if (error < 0) relay.giveUp(error);
  relay.relayUntilEnd(child);
  const ended = linux.wait(child, status);
  if (isTerminal(STDIN)) relay.drainTerminal();
  else relay.drain();
  relay.leaveReader();
  if (ended < 0) tellOfNoEnd(ended);
  linux.exit(exitStatus(u32(status, 0)));
}

function enter(directory: Uint8Array): void {
  const error = linux.chdir(directory);
  if (error < 0) refuse("enter ", directory, error);
}

/**
 * Waits for muvm to set the terminal's size after the start: it fails if the program has ended by
 * then (update_size() in tty.rs). A real size of 0 costs the whole time.
 */
function awaitSize(): void {
  const PATIENCE_MS = 100;
  for (let turns = 0; turns < PATIENCE_MS && !hasSize(STDIN); turns++) pause();
}

/** The number of octal digits. */
function octal(digits: Uint8Array): number {
  let value = 0;
  for (const digit of digits) value = value * 8 + (digit & 7);
  return value;
}

/** The descriptor for the program's standard input. */
function openInput(word: Uint8Array): number {
  if (isTerminal(STDIN)) return STDIN;
  const isOpen = same(word, utf8("open"));
  relay.expectInput(!isOpen);
  if (isOpen || same(word, utf8("ready"))) {
    const pipe = relay.openInput();
    if (pipe < 0) refuse("create ", "a pipe", pipe);
    return pipe;
  }
  const length = indexOf(word, SLASH);
  const path = part(word, length, word.length);
  const file = linux.open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) refuse("open ", path, file);
  let offset = 0;
  for (let i = 0; i < length; i++) offset = offset * 10 + at(word, i) - 0x30;
  linux.seek(file, offset);
  return file;
}

/** The child. */
function becomeInterpreter(input: number): never {
  restoreKeys();
  if (input !== STDIN) linux.dup3(input, STDIN);
  const start = endOfStrings;
  let word: number = WORD.REST;
  let added = 0;
  while (word < caller.nArguments && first(caller.argument(word)) !== SLASH) {
    added = pushVariable(decoded(caller.argument(word)), added);
    word++;
  }
  const environment = withAdded(start, added);
  if (word === caller.nArguments) refuseDirectStart();
  const path = decoded(caller.argument(word));
  let length = push(argv, 0, path);
  for (let i = word + 1; i < caller.nArguments; i++) {
    length = push(argv, length, decoded(caller.argument(i)));
  }
  pushWord(argv, length, 0);
  refuse("start ", path, linux.execve(path, argv, environment, caller.firstVariable));
}

/** `NAME=value` sets a variable, a name alone removes it. */
function pushVariable(variable: Uint8Array, index: number): number {
  if (indexOf(variable, EQUALS) < variable.length) return push(envp, index, variable);
  finishString(append(strings, append(strings, endOfStrings, variable), utf8("=")));
  return index;
}

function refuse(verb: string, what: string | Uint8Array, error: number): never {
  say("binfmt-dispatcher: Cannot ", verb, what, " in muvm's virtual machine: ", wordsOf(error));
  end(126);
}

function tellOfNoEnd(error: number): never {
  say("binfmt-dispatcher: Cannot learn the exit status in muvm's virtual machine: ");
  say(wordsOf(error));
  end(UNKNOWN);
}

/** A shell's exit status: 128 + n after signal n. */
function exitStatus(word: number): number {
  const signal = word & 0x7f;
  return signal === 0 ? word >>> 8 & 0xff : 128 + signal;
}
