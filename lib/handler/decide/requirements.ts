/** Checks the requirements of a candidate. */
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

/** The first group of the last candidate in which no path exists. */
export let missingGroup = 0;
/** The sysroot of the last candidate; empty if it needs none. */
export let sysroot: Uint8Array = NONE;

const DOLLAR = 0x24;

const loader = new Uint8Array(2 * PATH_MAX);

/** Does each group have a path that exists? Ignores the last ones. The first is the interpreter. */
export function areThere(groups: number, nIgnored: number): boolean {
  // In a corrupt table, a candidate can have no group.
  interpreter.forget();
  const n = number(groups) - nIgnored;
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

/** Does the file or directory exist, or is the variable of `$NAME` set? */
function isThere(path: Uint8Array, isInterpreter: boolean): boolean {
  if (isInterpreter) return interpreter.isThere(path);
  return first(path) === DOLLAR ? named(path).length > 0 : file.isThere(path);
}

/** The value of the variable in `$NAME`; empty if it is unset. */
function named(reference: Uint8Array): Uint8Array {
  return caller.variableNamed(part(reference, 1, reference.length)) ?? NONE;
}

/**
 * Does the program's loader exist below a sysroot? True for a candidate without sysroots and for a
 * static program. Sets the sysroot. `$NAME` stands for what the user told the emulator, if
 * anything.
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
 * The sysroot for a static program: the first if a variable sets it, else the one that contains the
 * program, else the first. A cross loader that is started by its name finds its libraries there.
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

/** The sysroot's directory; empty if its variable is unset. */
function directoryOf(written: Uint8Array): Uint8Array {
  return first(written) === DOLLAR ? named(written) : written;
}
