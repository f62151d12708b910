/** What kind of program it is: a machine's or a format's, and how it is linked. */
import { KIND, PROBE } from "../../routes/format.ts";
import { hasMagic, NONE, same, SLASH } from "../bytes.ts";
import * as caller from "../caller.ts";
import { cannotRun, end, say, sayNext } from "../message.ts";
import { at, part } from "../outside.ts";
import * as report from "../report.ts";
import { isDotnet } from "./dotnet.ts";
import { isOwnProgram } from "./interpreter.ts";
import { findLoader } from "./loader.ts";
import * as program from "./program.ts";
import { isScript, scriptInterpreter } from "./shebang.ts";
import { bytes, header, type Structure, structure, text } from "./table.ts";

const DOT = 0x2e;

/** The target of the table that is about such programs: a machine or a format. */
export let target = 0;
/** PT_INTERP; empty in a static program, and in what is no ELF program. */
export let loader: Uint8Array = NONE;

/** What the kernel runs itself, if it comes to us all the same: a program, or what `#!` names. */
export const OWN = { NO: 0, PROGRAM: 1, SCRIPT: 2 } as const;
export let own = 0;

/** Finds it; a program of no known kind ends the handler. */
export function find(): void {
  loader = NONE;
  const place = firstThatFits();
  own = findOwn(place);
  if (own === OWN.SCRIPT) return;
  if (place === 0) refuseUnknown();
  const kind = structure(KIND, place);
  target = kind.target;
  if (own === OWN.PROGRAM) {
    report.kind(kind, target, loader);
    return;
  }
  if (kind.probe === PROBE.PT_INTERP) loader = findLoader();
  if (kind.probe === PROBE.CLR && isDotnet()) target = kind.clr_target;
  report.kind(kind, target, loader);
}

/** What asks for no loader counts as static. */
export function isDynamic(): boolean {
  return loader.length > 0;
}

/**
 * An entry for an extension takes what the kernel would run itself, too, and `run` takes anything.
 * A program that came by its magic stays ours: whoever registered that wants it so, and the kernel
 * would give it to us again.
 */
function findOwn(place: number): number {
  if (isScript(program.head)) {
    if (place !== 0 && structure(KIND, place).extension === 0) return OWN.NO;
    return scriptInterpreter(program.head).length === 0 ? OWN.NO : OWN.SCRIPT;
  }
  if (!isOwnProgram(program.head)) return OWN.NO;
  return caller.isByHand || hasKnownExtension() ? OWN.PROGRAM : OWN.NO;
}

function hasKnownExtension(): boolean {
  const extension = findExtension();
  const n = header.n_kinds;
  let place = header.kinds;
  for (let i = 0; i < n; i++) {
    const wanted = structure(KIND, place).extension;
    if (wanted !== 0 && same(text(wanted), extension)) return true;
    place += KIND.end;
  }
  return false;
}

/** The kind's offset in the table; 0 if none matches. */
function firstThatFits(): number {
  const extension = findExtension();
  const n = header.n_kinds;
  let place = header.kinds;
  for (let i = 0; i < n; i++) {
    const kind = structure(KIND, place);
    const wanted = kind.extension;
    if (wanted === 0 ? fits(kind) : same(text(wanted), extension)) return place;
    place += KIND.end;
  }
  return 0;
}

function refuseUnknown(): never {
  cannotRun();
  say("unrecognised program format");
  sayNext();
  say("To list the known formats: binfmt-dispatcher routes --dump");
  end(126);
}

function fits(kind: Structure<typeof KIND>): boolean {
  const size = kind.size;
  const offset = kind.offset;
  if (offset + size > program.head.length) return false;
  return hasMagic(program.head, offset, bytes(kind.magic, size), bytes(kind.mask, size));
}

/** What follows the last dot of the program's file name; nothing if there is no dot. */
function findExtension(): Uint8Array {
  const path = caller.program;
  let start = path.length;
  for (let i = 0; i < path.length; i++) {
    const byte = at(path, i);
    if (byte === DOT) start = i + 1;
    if (byte === SLASH) start = path.length;
  }
  return part(path, start, path.length);
}
