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

/** Whether a candidate is usable, or why not. */
export const VERDICT = {
  USABLE: 0,
  /** Not all of its WHEN bits hold. */
  CONDITIONS: 1,
  /** It needs muvm here, which cannot be used: OBSTACLE in muvm.ts. */
  MUVM: 2,
  /** No path of a group exists. */
  MISSING: 3,
  /** The program's own loader is below none of the sysroots. */
  NO_LOADER: 4,
  /** All is there, but its file is not a program of this machine. */
  FOREIGN: 5,
  /** All is there, but the caller may not execute it: its mode, a noexec mount. */
  NOT_EXECUTABLE: 6,
} as const;

/** A candidate is an offset in the table, and none is at 0. */
export const NO_CANDIDATE = 0;

/** The WHEN bits of the last candidate that do not hold. */
let conditions = 0;

/** The first candidate of a list that can run the program here; NO_CANDIDATE if none can. */
export function choose(list: number): number {
  return chooseFrom(list, true);
}

/** The same without access(2), which costs a system call: execve checks the permission anyway. */
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

/** Says what each candidate of the list lacks, and ends the handler. */
export function tellNone(list: number): never {
  sayNone(list);
  const words = list === 0 ? 0 : tellEach(list);
  sayNext();
  if (words === 0) sayExplain();
  else say("Install what is missing: binfmt-dispatcher install PROGRAM, or as root: ", text(words));
  end(127);
}

/** Says that no candidate of the list can run the program. */
export function sayNone(list: number): void {
  cannotRun();
  if (list === 0) say("no interpreter is configured for ", targetName(kind.target), " programs");
  else say("no interpreter for ", targetName(kind.target), " programs can run it here");
}

/** Reports the verdict on each candidate to the listener. */
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
  const nIgnored = kind.isDynamic() ? 0 : candidate.dynamic;
  if (!areThere(candidate.requirements, nIgnored)) return VERDICT.MISSING;
  if (!hasSysroot(candidate.sysroots)) return VERDICT.NO_LOADER;
  if (interpreter.isForeign) return VERDICT.FOREIGN;
  // In muvm's guest, execve fails too late to try the next candidate.
  if (!asksExecution && candidate.muvm === 0) return VERDICT.USABLE;
  return mayBeExecuted(candidate) ? VERDICT.USABLE : VERDICT.NOT_EXECUTABLE;
}

/** May argv[0] be executed, and through muvm also the interpreter? */
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

/** The kernel would start the handler for the interpreter, perhaps without end. */
function refuseForeign(candidate: Candidate): never {
  cannotRun();
  say("its interpreter ", text(candidate.path), " is not a program of this machine");
  sayNext();
  say("To see where it is configured: binfmt-dispatcher explain PROGRAM");
  end(126);
}

/** Says what each lacks; returns the command that installs the first incomplete one, or 0. */
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
      // The package of the interpreter contains no C library for the program's machine.
      words = verdict === VERDICT.MISSING ? candidate.install : 0;
    }
  }
  return words;
}

/** Is it worth a message? Each page size has its own candidate, so the other one is not. */
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

/** Names the paths of the missing group. */
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
