/** The interpreter's command line and environment: templates, filled in. */
import { MARKER } from "../../routes/format.ts";
import { append, indexOf } from "../bytes.ts";
import * as caller from "../caller.ts";
import { at, copy, part, put, utf8 } from "../outside.ts";
import { push, pushWord, tooLong, WORD } from "../pointers.ts";
import * as report from "../report.ts";
import { areAllTerminals } from "../system/terminals.ts";
import type { Candidate } from "./candidate.ts";
import { forwardedName } from "./forwarded.ts";
import * as muvm from "./muvm.ts";
import { findDataHome, findHome } from "./home.ts";
import { endOfPiece } from "./path_template.ts";
import * as program from "./program.ts";
import { sysroot } from "./requirements.ts";
import { scriptArgument, scriptInterpreter } from "./shebang.ts";
import { byte, text } from "./table.ts";

const EQUALS = 0x3d;

/**
 * As much as the kernel takes for arguments, environment and their addresses together: three
 * quarters of the 8 MiB default stack (fs/exec.c, bprm_stack_limits). Only pages that are touched
 * cost memory.
 */
const ROOM = 6 * 1024 * 1024;
const strings = new Uint8Array(ROOM);
let endOfStrings = 0;
/** Addresses of strings. */
const argv = new Uint8Array(ROOM);
const envp = new Uint8Array(ROOM);

/** How many variables are set anew. */
export let nAdded = 0;

/** The candidate's argv: addresses, with a zero word behind them. */
export function fillArgv(candidate: Candidate): Uint8Array {
  endOfStrings = 0;
  const end = fillItems(candidate.argv, argv, candidate.muvm !== 0);
  return part(argv, 0, pushWord(argv, end, 0));
}

/** argv as the caller gave it. */
export function fillOwnArgv(): Uint8Array {
  const end = pushArguments(argv, push(argv, 0, caller.argv0));
  return part(argv, 0, pushWord(argv, end, 0));
}

/** argv as the kernel makes it for a script: the interpreter, its argument, the script. */
export function fillScriptArgv(): Uint8Array {
  endOfStrings = 0;
  let end = pushString(argv, 0, append(strings, 0, scriptInterpreter(program.head)));
  const argument = scriptArgument(program.head);
  if (argument.length > 0) {
    end = pushString(argv, end, append(strings, endOfStrings, argument));
  }
  end = pushArguments(argv, push(argv, end, caller.program));
  return part(argv, 0, pushWord(argv, end, 0));
}

/**
 * The caller's variables but those that are set anew, then these; undefined where all stay as they
 * are. To be filled in after argv.
 */
export function fillEnvironment(candidate: Candidate): Uint8Array | undefined {
  const start = endOfStrings;
  const added = candidate.env === 0 ? 0 : fillItems(candidate.env, envp, false);
  nAdded = Math.trunc(added / WORD);
  const names = part(strings, start, endOfStrings);
  if (names.length === 0 && !caller.isSecure) return undefined;
  let end = added;
  for (let word = caller.firstVariable; caller.wordAt(word) !== 0; word++) {
    if (!isSetAnew(word, names) && !isDropped(word)) {
      end = pushWord(envp, end, caller.wordAt(word));
    }
  }
  if (end + added > envp.length) tooLong();
  copy(envp, end, part(envp, 0, added));
  return part(envp, added, pushWord(envp, end + added, 0));
}

/** Fills in a template's items; their addresses begin at 0 of `into`. Gives their end. */
function fillItems(template: number, into: Uint8Array, isThroughMuvm: boolean): number {
  let end = 0;
  let place = template;
  let marker = byte(place);
  while (marker !== MARKER.END) {
    const item = text(place);
    const length = item.length;
    switch (marker) {
      case MARKER.ARGUMENTS:
        end = isThroughMuvm ? pushGuarded(into, end) : pushArguments(into, end);
        break;
      case MARKER.VARIABLE:
        end = length === 1
          ? pushForwarded(into, end)
          : pushVariable(part(item, 1, length), into, end, isThroughMuvm);
        break;
      default:
        end = fillItem(item, into, end);
    }
    place += length + 1;
    marker = byte(place);
  }
  return end;
}

/** One with a folder that is not known does not count, nor one for terminals without any. */
function fillItem(item: Uint8Array, into: Uint8Array, index: number): number {
  let end = endOfStrings;
  let start = 0;
  while (start < item.length) {
    const next = endOfPiece(item, start);
    const piece = meaning(part(item, start, next));
    if (piece === undefined) return index;
    end = append(strings, end, piece);
    start = next;
  }
  return pushString(into, index, end);
}

/** What a piece stands for; the next call overwrites it. */
function meaning(piece: Uint8Array): Uint8Array | undefined {
  switch (at(piece, 0)) {
    case MARKER.PROGRAM:
      return caller.program;
    case MARKER.ARGV0:
      return caller.argv0;
    case MARKER.ABSOLUTE:
      return muvm.guestProgram();
    case MARKER.CWD:
      return muvm.guestDirectory();
    case MARKER.SYSROOT:
      return sysroot;
    case MARKER.HOME:
      return findHome();
    case MARKER.XDG_DATA_HOME:
      return findDataHome();
    case MARKER.TERMINAL:
      return areAllTerminals() ? utf8("") : undefined;
    default:
      return piece;
  }
}

function pushArguments(into: Uint8Array, index: number): number {
  let end = index;
  for (let i = 0; i < caller.nArguments; i++) {
    end = pushWord(into, end, caller.wordAt(caller.firstArgument + i));
  }
  return end;
}

function pushGuarded(into: Uint8Array, index: number): number {
  let end = index;
  for (let i = 0; i < caller.nArguments; i++) {
    const argument = caller.argument(i);
    if (muvm.needsGuard(argument)) {
      const guard = append(strings, endOfStrings, utf8(muvm.GUARD));
      end = pushString(into, end, append(strings, guard, argument));
    } else end = pushWord(into, end, caller.wordAt(caller.firstArgument + i));
  }
  return end;
}

/** Who listens does not know the caller's variables: one pair stands for all. */
function pushForwarded(into: Uint8Array, index: number): number {
  if (report.isListening()) return pushPair(into, index, utf8("NAME"));
  let end = index;
  for (let word = caller.firstVariable; caller.wordAt(word) !== 0; word++) {
    const name = forwardedName(caller.stringAt(word));
    if (name.length > 0) end = pushPair(into, end, name);
  }
  return end;
}

/** `NAME=value` where the caller has not set it; the name alone takes the caller's away. */
function pushVariable(
  item: Uint8Array,
  into: Uint8Array,
  index: number,
  isThroughMuvm: boolean,
): number {
  const length = indexOf(item, EQUALS);
  const name = part(item, 0, length);
  if (length === item.length) {
    // Remembered as set anew, but none is pushed.
    pushString(into, index, append(strings, append(strings, endOfStrings, name), utf8("=")));
    return index;
  }
  if (caller.entry(name) !== undefined) return index;
  let end = index;
  if (isThroughMuvm) end = pushString(into, end, append(strings, endOfStrings, utf8("-e")));
  return fillItem(item, into, end);
}

/** `-e NAME` */
function pushPair(into: Uint8Array, index: number, name: Uint8Array): number {
  const end = pushString(into, index, append(strings, endOfStrings, utf8("-e")));
  return pushString(into, end, append(strings, endOfStrings, name));
}

/** Ends the string that goes on up to `end`, and stores its address. */
function pushString(into: Uint8Array, index: number, end: number): number {
  if (end >= strings.length) tooLong();
  put(strings, end, 0);
  const string = part(strings, endOfStrings, end);
  endOfStrings = end + 1;
  return push(into, index, string);
}

/** Has one of these items, each with a zero byte behind it, the name of a variable? */
function isSetAnew(word: number, items: Uint8Array): boolean {
  let start = 0;
  let isName = true;
  for (let i = 0; i < items.length; i++) {
    const letter = at(items, i);
    if (letter === 0) {
      start = i + 1;
      isName = true;
    }
    if (letter === EQUALS && isName) {
      isName = false;
      if (caller.startsWith(word, part(items, start, i + 1))) return true;
    }
  }
  return false;
}

/** What emulators obey and where they look for more: with other rights not the caller's to say. */
function isDropped(word: number): boolean {
  if (!caller.isSecure) return false;
  return caller.startsWith(word, utf8("QEMU_")) || caller.startsWith(word, utf8("FEX_")) ||
    caller.startsWith(word, utf8("BOX64_")) || caller.startsWith(word, utf8("BOX86_")) ||
    caller.startsWith(word, utf8("MUVM_")) || caller.startsWith(word, utf8("HOME=")) ||
    caller.startsWith(word, utf8("XDG_")) || caller.startsWith(word, utf8("WINEPREFIX="));
}
