/** What a candidate needs to be there. */
import { first, join, NONE, SLASH } from "../bytes.ts";
import * as caller from "../caller.ts";
import { PATH_MAX } from "../linux.ts";
import { part } from "../outside.ts";
import * as report from "../report.ts";
import * as file from "../system/file.ts";
import * as interpreter from "./interpreter.ts";
import * as kind from "./kind.ts";
import { fillPath } from "./path_template.ts";
import { item, number, text } from "./table.ts";

/** The group of paths that was looked at last in vain. */
export let missingGroup = 0;
/** The folder below which the program's own loader was found; empty where none is asked for. */
export let sysroot: Uint8Array = NONE;

const DOLLAR = 0x24;

const loader = new Uint8Array(2 * PATH_MAX);

/** Has each group a path that exists? The first group is the interpreter itself. */
export function areThere(groups: number): boolean {
  // A damaged table's candidate may have no group at all.
  interpreter.forget();
  const n = number(groups);
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

/** Is it a file or folder that exists, or `$NAME` of a variable that is set? */
function isThere(path: Uint8Array, isInterpreter: boolean): boolean {
  if (isInterpreter) return interpreter.isThere(path);
  if (first(path) !== DOLLAR) return file.look(path);
  const name = part(path, 1, path.length);
  const entry = caller.entryNamed(name);
  return entry !== undefined && entry.length > name.length + 1;
}

/**
 * Finds the first sysroot below which a dynamic program's own loader exists; for others the first
 * of all. Where there are none, nothing is asked.
 */
export function hasSysroot(sysroots: number): boolean {
  sysroot = NONE;
  const n = sysroots === 0 ? 0 : number(sysroots);
  if (n === 0) return true;
  if (kind.isDynamic() && first(kind.loader) !== SLASH) return false;
  for (let i = 0; i < n; i++) {
    sysroot = text(item(sysroots, i));
    if (!kind.isDynamic()) return true;
    const path = join(loader, sysroot, kind.loader);
    if (path !== undefined && file.look(path)) return true;
  }
  return false;
}
