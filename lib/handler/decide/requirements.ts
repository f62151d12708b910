/** What a candidate needs to be there. */
import { first, join, NONE, SLASH, startsWith } from "../bytes.ts";
import * as caller from "../caller.ts";
import { PATH_MAX } from "../linux.ts";
import { at, part } from "../outside.ts";
import * as report from "../report.ts";
import * as file from "../system/file.ts";
import * as interpreter from "./interpreter.ts";
import * as kind from "./kind.ts";
import * as program from "./program.ts";
import { fillPath } from "./path_template.ts";
import { item, number, text } from "./table.ts";

/** The group of paths that was looked at last in vain. */
export let missingGroup = 0;
/** The directory below which the program's own loader was found; empty if none is needed. */
export let sysroot: Uint8Array = NONE;

const DOLLAR = 0x24;

const loader = new Uint8Array(2 * PATH_MAX);

/**
 * Has each group a path that exists, the last ones that are not asked for apart? The first group is
 * the interpreter itself.
 */
export function areThere(groups: number, unasked: number): boolean {
  // A damaged table's candidate may have no group at all.
  interpreter.forget();
  const n = number(groups) - unasked;
  let all = true;
  for (let i = 0; i < n; i++) {
    const group = item(groups, i);
    report.group();
    if (hasAny(group, i === 0)) continue;
    if (all) missingGroup = group;
    all = false;
    if (!report.isListening()) return false;
  }
  return all;
}

function hasAny(group: number, isInterpreter: boolean): boolean {
  const n = number(group);
  let found = false;
  for (let i = 0; i < n; i++) {
    const path = fillPath(item(group, i));
    const exists = !found && path !== undefined && isThere(path, isInterpreter);
    report.path(path, exists);
    if (exists) found = true;
    if (found && !report.isListening()) return true;
  }
  return found;
}

/** Is it a file or directory that exists, or `$NAME` of a variable that is set? */
function isThere(path: Uint8Array, isInterpreter: boolean): boolean {
  if (isInterpreter) return interpreter.isThere(path);
  return first(path) === DOLLAR ? named(path).length > 0 : file.isThere(path);
}

/** The value of the variable that `$NAME` names; empty if it is unset. */
function named(reference: Uint8Array): Uint8Array {
  return caller.variableNamed(part(reference, 1, reference.length)) ?? NONE;
}

/**
 * Finds the first sysroot below which a dynamic program's own loader exists. One that a variable
 * names is a directory only where it is set: what the user tells the emulator goes before what we
 * would tell it. Where there are none, nothing is asked.
 */
export function hasSysroot(sysroots: number): boolean {
  sysroot = NONE;
  const n = sysroots === 0 ? 0 : number(sysroots);
  if (n === 0) return true;
  if (!kind.isDynamic()) {
    sysroot = rootOfStatic(sysroots, n);
    return true;
  }
  if (first(kind.loader) !== SLASH) return false;
  for (let i = 0; i < n; i++) {
    sysroot = directoryOf(text(item(sysroots, i)));
    if (sysroot.length === 0) continue;
    const path = join(loader, sysroot, kind.loader);
    if (path !== undefined && file.isThere(path)) return true;
  }
  return false;
}

/**
 * A static program's: the first, but where no variable says that, the one that the program lies in.
 * A cross loader, started by its own name, finds its libraries there.
 */
function rootOfStatic(sysroots: number, n: number): Uint8Array {
  let root = NONE;
  for (let i = 0; i < n; i++) {
    const written = text(item(sysroots, i));
    const directory = directoryOf(written);
    if (directory.length === 0) continue;
    if (root.length === 0) {
      root = directory;
      if (first(written) === DOLLAR) return root;
    }
    if (hasProgram(directory)) return directory;
  }
  return root;
}

function hasProgram(directory: Uint8Array): boolean {
  const path = program.canonical;
  return startsWith(path, directory) && path.length > directory.length &&
    at(path, directory.length) === SLASH;
}

/** Empty for a variable that is unset. */
function directoryOf(written: Uint8Array): Uint8Array {
  return first(written) === DOLLAR ? named(written) : written;
}
