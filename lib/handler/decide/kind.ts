/** Finds out which machine or format a program is for, and how it is linked. */
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

/** The program's target: an index of the table's machines and formats. */
export let target = 0;
/** PT_INTERP; empty if the program is static or not ELF. */
export let loader: Uint8Array = NONE;

/** What the kernel would run without the handler: a program of this host, or a script. */
export const OWN = { NO: 0, PROGRAM: 1, SCRIPT: 2 } as const;
export let own = 0;

/** Sets them all; ends the handler if no kind matches. */
export function find(): void {
  loader = NONE;
  const place = firstMatch();
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

/** A program without a loader is static. */
export function isDynamic(): boolean {
  return loader.length > 0;
}

/**
 * Entries for an extension also match what the kernel would run itself, and `run` accepts any file.
 * A program that matches by its magic is never OWN: the kernel would start the handler again.
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

/** The offset of the first kind that matches, or 0. */
function firstMatch(): number {
  const extension = findExtension();
  const n = header.n_kinds;
  let place = header.kinds;
  for (let i = 0; i < n; i++) {
    const kind = structure(KIND, place);
    const wanted = kind.extension;
    if (wanted === 0 ? matches(kind) : same(text(wanted), extension)) return place;
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

function matches(kind: Structure<typeof KIND>): boolean {
  const size = kind.size;
  const offset = kind.offset;
  if (offset + size > program.head.length) return false;
  return hasMagic(program.head, offset, bytes(kind.magic, size), bytes(kind.mask, size));
}

/** What follows the last dot of the file name; empty if there is no dot. */
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
