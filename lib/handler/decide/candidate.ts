/** Which of a list's candidates can run the program here. */
import { CANDIDATE, WHEN } from "../../routes/format.ts";
import { NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import { access, EACCES, X_OK } from "../linux.ts";
import { cannotRun, end, say, sayNext } from "../message.ts";
import { utf8 } from "../outside.ts";
import * as report from "../report.ts";
import * as interpreter from "./interpreter.ts";
import * as kind from "./kind.ts";
import * as muvm from "./muvm.ts";
import { areThere, hasSysroot, missingGroup } from "./requirements.ts";
import { fillPath } from "./path_template.ts";
import { header, item, number, type Structure, structure, targetName, text } from "./table.ts";

/** One interpreter and path, direct or through muvm, considered for a program. */
export type Candidate = Structure<typeof CANDIDATE>;

/** What became of a candidate. */
export const VERDICT = {
  USABLE: 0,
  /** Not all of its WHEN bits hold. */
  CONDITIONS: 1,
  /** muvm, which it needs here, cannot be asked for: muvm.ts says why. */
  MUVM: 2,
  /** Of a group of paths none exists. */
  MISSING: 3,
  /** The program's own loader is below none of the sysroots. */
  NO_LOADER: 4,
  /** It could run the program, but is not a program of this machine. */
  FOREIGN: 5,
  /** It could run the program, but the caller may not execute it: its mode, a noexec mount. */
  NOT_EXECUTABLE: 6,
} as const;

/** No candidate of a list, which is an offset in the table, is at 0. */
export const NO_CANDIDATE = 0;

/** WHEN bits of the candidate considered last that do not hold. */
let conditions = 0;

/** The first candidate of a list that can run the program here; NO_CANDIDATE if none can. */
export function choose(list: number): number {
  return chooseFrom(list, true);
}

/**
 * The same without asking whether it may be executed: that costs a system call, and execve says no
 * by itself.
 */
export function chooseToTry(list: number): number {
  return chooseFrom(list, false);
}

function chooseFrom(list: number, asksExecution: boolean): number {
  const n = list === 0 ? 0 : number(list);
  for (let i = 0; i < n; i++) {
    const candidate = structure(CANDIDATE, item(list, i));
    const verdict = consider(candidate, asksExecution);
    if (verdict === VERDICT.FOREIGN) refuseForeign(candidate);
    if (verdict === VERDICT.USABLE) return item(list, i);
  }
  return NO_CANDIDATE;
}

/** Says of a list in which none can run the program what each lacks, and ends the handler. */
export function tellNone(list: number): never {
  sayNone(list);
  const words = list === 0 ? 0 : tellEach(list);
  sayNext();
  if (words === 0) sayExplain();
  else say("Install what is missing: binfmt-dispatcher install PROGRAM, or as root: ", text(words));
  end(127);
}

/** Says why none of the list can run the program. */
export function sayNone(list: number): void {
  cannotRun();
  if (list === 0) say("no interpreter is configured for ", targetName(kind.target), " programs");
  else say("no interpreter for ", targetName(kind.target), " programs can run it here");
}

/** For the listener: the outcome of each candidate. */
export function considerAll(list: number): void {
  const n = list === 0 ? 0 : number(list);
  for (let i = 0; i < n; i++) consider(structure(CANDIDATE, item(list, i)), true);
}

/** Can the candidate run the program here? */
function consider(candidate: Candidate, asksExecution: boolean): number {
  report.candidate(candidate);
  const verdict = judge(candidate, asksExecution);
  report.verdict(verdict, conditions);
  return verdict;
}

function judge(candidate: Candidate, asksExecution: boolean): number {
  conditions = candidate.when & failing();
  if (conditions !== 0) return VERDICT.CONDITIONS;
  if (candidate.muvm !== 0 && muvm.obstacle() !== muvm.OBSTACLE.NONE) return VERDICT.MUVM;
  const unasked = kind.isDynamic() ? 0 : candidate.dynamic;
  if (!areThere(candidate.requirements, unasked)) return VERDICT.MISSING;
  if (!hasSysroot(candidate.sysroots)) return VERDICT.NO_LOADER;
  if (interpreter.isForeign) return VERDICT.FOREIGN;
  // What muvm's guest says of the interpreter comes too late for another one.
  if (!asksExecution && candidate.muvm === 0) return VERDICT.USABLE;
  return mayBeExecuted(candidate) ? VERDICT.USABLE : VERDICT.NOT_EXECUTABLE;
}

/** May what is started be, and what that starts in its turn? */
function mayBeExecuted(candidate: Candidate): boolean {
  return isExecutable(candidate.argv) &&
    (candidate.muvm === 0 || isExecutable(item(item(candidate.requirements, 0), 0)));
}

function isExecutable(template: number): boolean {
  return access(fillPath(template) ?? NONE, X_OK) !== EACCES;
}

/** The WHEN bits that do not hold for this program and kernel. */
function failing(): number {
  const linkage = kind.isDynamic() ? WHEN.STATIC : WHEN.DYNAMIC;
  const pages = header.page_size === caller.pageSize ? WHEN.PAGES_DIFFER : WHEN.PAGES_FIT;
  return linkage | pages;
}

/** It would be given to us in turn, perhaps for ever. */
function refuseForeign(candidate: Candidate): never {
  cannotRun();
  say("its interpreter ", text(candidate.path), " is not a program of this machine");
  sayNext();
  say("To see where it is configured: binfmt-dispatcher explain PROGRAM");
  end(126);
}

/** The command that installs what the first incomplete candidate lacks, or 0. */
function tellEach(list: number): number {
  let words = 0;
  let isFirst = true;
  let isComplete = true;
  const n = number(list);
  for (let i = 0; i < n; i++) {
    const candidate = structure(CANDIDATE, item(list, i));
    const verdict = consider(candidate, true);
    if (verdict === VERDICT.FOREIGN) refuseForeign(candidate);
    if (isNews(verdict)) {
      say(isFirst ? ": " : "; ", text(candidate.name));
      tell(candidate, verdict);
      isFirst = false;
    }
    if (isComplete && (verdict === VERDICT.MISSING || verdict === VERDICT.NO_LOADER)) {
      isComplete = false;
      // What is for all machines brings no C library.
      words = verdict === VERDICT.MISSING ? candidate.install : 0;
    }
  }
  return words;
}

/** The other page size has a candidate of its own; that this one is not it is no news. */
function isNews(verdict: number): boolean {
  return verdict !== VERDICT.CONDITIONS || (conditions & (WHEN.STATIC | WHEN.DYNAMIC)) !== 0;
}

function tell(candidate: Candidate, verdict: number): void {
  switch (verdict) {
    case VERDICT.CONDITIONS:
      if ((conditions & WHEN.STATIC) !== 0) say(" supports only static programs");
      else say(" supports only dynamic programs");
      break;
    case VERDICT.MUVM:
      say(": ", muvm.obstacleWords(muvm.obstacle()));
      break;
    case VERDICT.NO_LOADER:
      say(" does not find the program's loader ", kind.loader, " below its sysroots");
      break;
    case VERDICT.NOT_EXECUTABLE:
      say(": ", text(candidate.path), " may not be executed");
      break;
    default:
      tellPaths();
  }
}

/** Says the paths of a group in which none exists. */
function tellPaths(): void {
  say(" needs");
  const n = number(missingGroup);
  for (let i = 0; i < n; i++) {
    say(i === 0 ? " " : " or ", fillPath(item(missingGroup, i)) ?? utf8("?"));
  }
}

function sayExplain(): void {
  say("For details: binfmt-dispatcher explain PROGRAM");
}
