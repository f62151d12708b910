/** Fills in the templates of the interpreter's command line and environment. */
import { MARKER } from "../../routes/format.ts";
import { append, EQUALS, indexOf } from "../bytes.ts";
import * as caller from "../caller.ts";
import { at, part, utf8 } from "../outside.ts";
import { push, pushWord, WORD } from "../pointers.ts";
import * as report from "../report.ts";
import { isAtTerminal } from "../system/terminals.ts";
import { argv, endOfStrings, envp, finishString, forget, pushString, strings } from "./arena.ts";
import type { Candidate } from "./candidate.ts";
import { withAdded } from "./environment.ts";
import { forwardedName } from "./forwarded.ts";
import { pushArgument, pushEncoded, pushStart } from "./guest_words.ts";
import * as muvm from "./muvm.ts";
import { findDataHome, findHome } from "./home.ts";
import { endOfPiece } from "./path_template.ts";
import * as program from "./program.ts";
import { sysroot } from "./requirements.ts";
import { scriptArgument, scriptInterpreter } from "./shebang.ts";
import { byte, text } from "./table.ts";

/** The number of variables that are added or replaced. */
export let nAdded = 0;
/** Are the items encoded for the handler in muvm's guest? */
let isForGuest = false;

/** The candidate's argv: addresses, then a zero word. */
export function fillArgv(candidate: Candidate): Uint8Array {
  forget();
  const end = fillItems(candidate.argv, argv);
  return part(argv, 0, pushWord(argv, end, 0));
}

/** argv as the caller gave it. */
export function fillOwnArgv(): Uint8Array {
  const end = pushArguments(argv, push(argv, 0, caller.argv0));
  return part(argv, 0, pushWord(argv, end, 0));
}

/** argv as the kernel makes it for a script: the interpreter, its argument, the script. */
export function fillScriptArgv(): Uint8Array {
  forget();
  let end = pushString(argv, 0, append(strings, 0, scriptInterpreter(program.head)));
  const argument = scriptArgument(program.head);
  if (argument.length > 0) {
    end = pushString(argv, end, append(strings, endOfStrings, argument));
  }
  end = pushArguments(argv, push(argv, end, caller.program));
  return part(argv, 0, pushWord(argv, end, 0));
}

/**
 * The caller's variables, except those that the candidate replaces, and the candidate's; undefined
 * if nothing changes. Call it after fillArgv().
 */
export function fillEnvironment(candidate: Candidate): Uint8Array | undefined {
  const start = endOfStrings;
  const added = candidate.env === 0 ? 0 : fillItems(candidate.env, envp);
  nAdded = Math.trunc(added / WORD);
  return withAdded(start, added);
}

/** Fills in a template's items and stores their addresses from index 0 on; returns the end. */
function fillItems(template: number, into: Uint8Array): number {
  let end = 0;
  let place = template;
  let marker = byte(place);
  isForGuest = false;
  while (marker !== MARKER.END) {
    const item = text(place);
    const length = item.length;
    switch (marker) {
      case MARKER.ARGUMENTS:
        end = isForGuest ? pushEncodedArguments(into, end) : pushArguments(into, end);
        break;
      case MARKER.GUEST:
        end = pushStart(into, end);
        isForGuest = true;
        break;
      case MARKER.VARIABLE:
        end = length === 1
          ? pushForwarded(into, end)
          : pushVariable(part(item, 1, length), into, end);
        break;
      default:
        end = fillItem(item, into, end);
    }
    place += length + 1;
    marker = byte(place);
  }
  return end;
}

/** Skips an item if a directory in it is unknown, or if it is for terminals and there is none. */
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
  return isForGuest ? pushEncoded(into, index, finishString(end)) : pushString(into, index, end);
}

/** What a piece stands for; undefined: its item is skipped. The next call overwrites it. */
function meaning(piece: Uint8Array): Uint8Array | undefined {
  switch (at(piece, 0)) {
    case MARKER.PROGRAM:
      return caller.program;
    case MARKER.ARGV0:
      return caller.argv0;
    case MARKER.ABSOLUTE:
      return muvm.guestProgram();
    case MARKER.SYSROOT:
      return sysroot;
    case MARKER.HOME:
      return findHome();
    case MARKER.XDG_DATA_HOME:
      return findDataHome();
    case MARKER.TERMINAL:
      return isAtTerminal() ? utf8("") : undefined;
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

function pushEncodedArguments(into: Uint8Array, index: number): number {
  let end = index;
  for (let i = 0; i < caller.nArguments; i++) end = pushArgument(into, end, i);
  return end;
}

/** `-e NAME` for each variable that muvm forwards. The listener does not know them: one for all. */
function pushForwarded(into: Uint8Array, index: number): number {
  if (report.isListening()) return pushPair(into, index, utf8("NAME"));
  let end = index;
  for (let word = caller.firstVariable; caller.wordAt(word) !== 0; word++) {
    const name = forwardedName(caller.stringAt(word));
    if (name.length > 0) end = pushPair(into, end, name);
  }
  return end;
}

/** `NAME=value` sets a variable unless the caller has; a name alone removes the caller's. */
function pushVariable(item: Uint8Array, into: Uint8Array, index: number): number {
  const length = indexOf(item, EQUALS);
  const name = part(item, 0, length);
  if (length === item.length && !isForGuest) {
    // withAdded() drops the caller's variable of this name.
    finishString(append(strings, append(strings, endOfStrings, name), utf8("=")));
    return index;
  }
  if (length < item.length && caller.entry(name) !== undefined) return index;
  return fillItem(item, into, index);
}

/** `-e NAME` */
function pushPair(into: Uint8Array, index: number, name: Uint8Array): number {
  const end = pushString(into, index, append(strings, endOfStrings, utf8("-e")));
  return pushString(into, end, append(strings, endOfStrings, name));
}
