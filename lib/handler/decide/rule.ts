/** Which rule is for the program, and the interpreters that it has for such programs. */
import { GLOB, MAX_GLOBS_SIZE, PATH, RULE, TABLE_FLAG } from "../../routes/format.ts";
import { endsWith, first, isBehind, join, NONE, SLASH, startsWith } from "../bytes.ts";
import * as caller from "../caller.ts";
import { PATH_MAX } from "../linux.ts";
import { at, part, u32, utf8 } from "../outside.ts";
import * as report from "../report.ts";
import { matchesGlob } from "./glob.ts";
import { findHome } from "./home.ts";
import * as program from "./program.ts";
import { bytes, current, damaged, header, number, structure } from "./table.ts";

const below = new Uint8Array(PATH_MAX);

/** The list of candidates that the program's rule has for a target's programs; 0 for none. */
export function findList(target: number): number {
  const home = (header.flags & TABLE_FLAG.HOME_RULES) !== 0 ? findHome() ?? NONE : NONE;
  const rule = findRule(program.canonical, caller.program, home);
  report.rule(rule);
  // That no rule matched is choice 0; it is not looked up, for a large table's rules are far away.
  const choice = rule === 0 ? 0 : structure(RULE, header.rules + RULE.end * rule).choice;
  const targets = header.targets;
  // What a whole table has fewer of than bytes; their product is a number only then.
  if (choice > current().length || targets > current().length) damaged();
  return number(header.choices + 4 * (choice * targets + target));
}

/**
 * The rule for the canonical path; where there is none, for the path as it was given, if that is
 * absolute. 0: none. `home` is the caller's home folder with its links resolved, or nothing.
 */
export function findRule(canonical: Uint8Array, given: Uint8Array, home: Uint8Array): number {
  const rule = ruleFor(canonical, home);
  return rule === 0 && first(given) === SLASH ? ruleFor(given, home) : rule;
}

/** Asks also about `~/…` where the path is below HOME, unless that is /, which is nobody's. */
function ruleFor(path: Uint8Array, home: Uint8Array): number {
  const rule = lowest(path, 0);
  if (home.length < 2 || path.length <= home.length || !startsWith(path, home)) return rule;
  if (at(path, home.length) !== SLASH) return rule;
  const rest = part(path, home.length, path.length);
  const tilde = join(below, utf8("~"), rest);
  return tilde === undefined ? rule : lowest(tilde, rule);
}

/** The lowest rule that matches, `other` among them. 0: none. */
function lowest(path: Uint8Array, other: number): number {
  const rule = findPath(path);
  return findGlob(path, other === 0 || rule !== 0 && rule < other ? rule : other);
}

/** The rule of the longest of the exact paths and folders that fit. 0: none. */
function findPath(path: Uint8Array): number {
  let entry = lastUpTo(path);
  // All folders that the path lies in are around this entry or are it: they begin both.
  while (entry > 0) {
    const place = header.paths + PATH.end * entry;
    const text = textOf(entry);
    const fits = startsWith(path, text) &&
      (text.length === path.length || endsWith(text, utf8("/")));
    if (fits) return number(place + PATH.rule);
    const around = number(place + PATH.around);
    if (around >= entry) damaged();
    entry = around;
  }
  return 0;
}

/** The last of the sorted entries that does not stand behind the path; entry 0 is before all. */
function lastUpTo(path: Uint8Array): number {
  let low = 0;
  let high = header.n_paths;
  while (high - low > 1) {
    const middle = Math.trunc((low + high) / 2);
    if (isBehind(textOf(middle), path)) high = middle;
    else low = middle;
  }
  return low;
}

function textOf(entry: number): Uint8Array {
  const place = header.paths + PATH.end * entry;
  return bytes(number(place + PATH.text), number(place + PATH.size));
}

/** The first pattern that matches, where its rule is lower than the other. 0: none. */
function findGlob(path: Uint8Array, other: number): number {
  const begins = path.length < 4 ? 0 : u32(path, 0);
  const n = header.n_globs;
  let place = header.globs;
  let left = MAX_GLOBS_SIZE;
  for (let i = 0; i < n; i++) {
    const glob = structure(GLOB, place);
    const start = glob.start;
    if (start === 0 || start === begins) {
      const rule = glob.rule;
      if (other !== 0 && rule >= other) return other;
      const size = glob.size;
      left -= GLOB.end + size;
      if (left < 0) damaged();
      if (matchesGlob(bytes(glob.code, size), path)) return rule;
    }
    place += GLOB.end;
  }
  return other;
}
