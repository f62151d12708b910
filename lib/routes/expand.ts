import { concat, dataHome, type Facts, folder, startsWith } from "./facts.ts";
import { MARKER } from "./format.ts";
import { GUARD, needsGuard } from "./guard.ts";
import { isUtf8 } from "./is_utf8.ts";
import type { Item } from "./table.ts";

/** Room for a path and its zero byte, as the kernel's PATH_MAX. */
const PATH_SIZE = 4096;
const SLASH = 0x2f;
const STAR = 0x2a;
const encoder = new TextEncoder();
const RUN = encoder.encode("/run");
const FORWARD_OPTION = encoder.encode("-e");
const utf8 = new TextDecoder();

/** What a template's markers stand for. */
export interface Meaning {
  readonly facts: Facts;
  readonly sysroot: Uint8Array;
  /** Names, or beginnings of names with a `*` behind them, that no wrapper hands on. */
  readonly never_forward: readonly Uint8Array[];
  /** Is it muvm's command line? */
  readonly wrapped: boolean;
}

/** A template's items filled in; items that do not count here are left out. */
export function expandItems(items: readonly Item[], meaning: Meaning): Uint8Array[] {
  return items.flatMap((item) => {
    if (item.includes(MARKER.ARGUMENTS)) return givenArguments(meaning);
    if (item.includes(MARKER.FORWARD)) return forwarded(meaning);
    const parts = pieces(item).map((piece) =>
      typeof piece === "number" ? replacement(piece, meaning) : piece
    );
    return parts.every((part) => part !== undefined) ? [concat(...parts)] : [];
  });
}

function givenArguments({ facts, wrapped }: Meaning): readonly Uint8Array[] {
  if (!wrapped) return facts.args;
  return facts.args.map((arg) =>
    needsGuard(utf8.decode(arg)) ? concat(encoder.encode(GUARD), arg) : arg
  );
}

/**
 * A path that must exist; undefined where it begins in an unknown folder or is longer than a path
 * may be.
 */
export function expandPath(item: Item, facts: Facts): Uint8Array | undefined {
  const parts = pieces(item).map((piece) => {
    if (piece === MARKER.HOME) return folder(facts, "HOME");
    if (piece === MARKER.XDG_DATA_HOME) return dataHome(facts);
    return typeof piece === "number" ? new Uint8Array([piece]) : piece;
  });
  if (!parts.every((part) => part !== undefined)) return undefined;
  const path = concat(...parts);
  return path.length < PATH_SIZE ? path : undefined;
}

/** Literal bytes and markers. */
function pieces(item: Item): (Uint8Array | number)[] {
  const found: (Uint8Array | number)[] = [];
  let from = 0;
  for (let i = 0; i <= item.length; i++) {
    const byte = item[i];
    if (byte !== undefined && byte < MARKER.PROGRAM) continue;
    if (i > from) found.push(item.subarray(from, i));
    if (byte !== undefined) found.push(byte);
    from = i + 1;
  }
  return found;
}

function replacement(marker: number, { facts, sysroot }: Meaning): Uint8Array | undefined {
  switch (marker) {
    case MARKER.PROGRAM:
      return facts.program;
    case MARKER.ARGV0:
      return facts.argv0;
    case MARKER.ABSOLUTE:
      return guestProgram(facts);
    case MARKER.CWD:
      return asGuest(facts.cwd);
    case MARKER.SYSROOT:
      return sysroot;
    case MARKER.HOME:
      return folder(facts, "HOME");
    case MARKER.XDG_DATA_HOME:
      return dataHome(facts);
    case MARKER.TERMINAL:
      return facts.terminal ? new Uint8Array() : undefined;
    default:
      return new Uint8Array();
  }
}

/** The program's path for the guest; links and `..` may lead below /run unseen. */
function guestProgram({ program, cwd, canonical }: Facts): Uint8Array {
  const slash = new Uint8Array(cwd.length === 1 ? [] : [SLASH]);
  const path = program[0] === SLASH ? program : concat(cwd, slash, program);
  return asGuest(!isBelowRun(path) && isBelowRun(canonical) ? canonical : path);
}

function isBelowRun(path: Uint8Array): boolean {
  return startsWith(path, RUN) && (path.length === RUN.length || path[RUN.length] === SLASH);
}

/** A host path as muvm's guest sees it: its /run is another one, the host's stands below that. */
function asGuest(path: Uint8Array): Uint8Array {
  return isBelowRun(path) ? concat(encoder.encode("/run/muvm-host"), path) : path;
}

/**
 * `-e NAME` for each variable that is an identifier, valid UTF-8 (muvm refuses others) and the
 * host's business.
 */
function forwarded({ facts, never_forward }: Meaning): Uint8Array[] {
  return facts.env.flatMap((entry) => {
    const name = entry.subarray(0, Math.max(0, entry.indexOf(0x3d)));
    if (!isUtf8(entry) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(utf8.decode(name))) return [];
    const kept = never_forward.some((pattern) => {
      const star = pattern.indexOf(STAR);
      if (star >= 0) return startsWith(entry, pattern.subarray(0, star));
      return pattern.length === name.length && startsWith(name, pattern);
    });
    return kept ? [] : [FORWARD_OPTION, name];
  });
}
