/** What kind of program it is: a machine's or a format's, and how it is linked. */
import { KIND, PROBE } from "../../routes/format.ts";
import { NONE, same, SLASH } from "../bytes.ts";
import * as caller from "../caller.ts";
import { cannotRun, end, say, sayNext } from "../message.ts";
import { at, part } from "../outside.ts";
import * as report from "../report.ts";
import { isDotnet } from "./dotnet.ts";
import { findLoader } from "./loader.ts";
import * as program from "./program.ts";
import { bytes, header, type Structure, structure, text } from "./table.ts";

const DOT = 0x2e;

/** The target of the table that is about such programs: a machine or a format. */
export let target = 0;
/** PT_INTERP; empty in a static program, and in what is no ELF program. */
export let loader: Uint8Array = NONE;

/** Finds it; a program of no known kind ends the handler. */
export function find(): void {
  const kind = firstThatFits();
  target = kind.target;
  loader = NONE;
  if (kind.probe === PROBE.PT_INTERP) loader = findLoader();
  if (kind.probe === PROBE.CLR && isDotnet()) target = kind.clr_target;
  report.kind(kind, target, loader);
}

/** What asks for no loader counts as static. */
export function isDynamic(): boolean {
  return loader.length > 0;
}

function firstThatFits(): Structure<typeof KIND> {
  const extension = findExtension();
  const n = header.n_kinds;
  let place = header.kinds;
  for (let i = 0; i < n; i++) {
    const kind = structure(KIND, place);
    const wanted = kind.extension;
    if (wanted === 0 ? hasMagic(kind) : same(text(wanted), extension)) return kind;
    place += KIND.end;
  }
  cannotRun();
  say("it is no kind of program that is known here");
  sayNext();
  say("binfmt-dispatcher routes --dump lists all kinds of programs that are known.");
  end(126);
}

/** ((byte ^ magic) & mask) === 0 for all bytes: magics have bits outside of their masks. */
function hasMagic(kind: Structure<typeof KIND>): boolean {
  const size = kind.size;
  const offset = kind.offset;
  if (offset + size > program.head.length) return false;
  const magic = bytes(kind.magic, size);
  const mask = bytes(kind.mask, size);
  // From its end: there stands e_machine, by which most magics differ.
  for (let i = size - 1; i >= 0; i--) {
    if (((at(program.head, offset + i) ^ at(magic, i)) & at(mask, i)) !== 0) return false;
  }
  return true;
}

/** What follows the last dot of the program's file name; nothing where there is none. */
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
