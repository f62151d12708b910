/** The steps of one start; docs/architecture.md explains them. */
import { CANDIDATE } from "../routes/format.ts";
import * as caller from "./caller.ts";
import * as candidate from "./decide/candidate.ts";
import type { Candidate } from "./decide/candidate.ts";
import * as home from "./decide/home.ts";
import * as kind from "./decide/kind.ts";
import { pickedList } from "./decide/override.ts";
import * as program from "./decide/program.ts";
import { findList } from "./decide/rule.ts";
import { structure, text } from "./decide/table.ts";
import { EACCES } from "./linux.ts";
import { isAsked, tellWho } from "./system/asked.ts";
import { explainStart } from "./system/debug.ts";
import { run } from "./system/errand.ts";
import { execute, executeOwn, executeScript, refuse } from "./system/execute.ts";
import { findTable } from "./system/find_table.ts";
import { startMachine } from "./system/muvm_machine.ts";
import { offer } from "./system/offer.ts";

export function main(): void {
  caller.readStack();
  if (caller.isErrand) run();
  home.forget();
  program.open();
  program.answerProbe();
  findTable();
  kind.find();
  if (kind.own === kind.OWN.PROGRAM) executeOwn();
  program.close();
  if (kind.own === kind.OWN.SCRIPT) executeScript();
  const list = pickedList(findList(kind.target), kind.target);
  if (isAsked()) tellCandidate(list);
  explainStart();
  const likely = candidate.chooseToTry(list);
  const first = structure(CANDIDATE, likely === candidate.NO_CANDIDATE ? offered(list) : likely);
  become(first);
  const other = candidate.choose(list);
  if (other !== candidate.NO_CANDIDATE) become(structure(CANDIDATE, other));
  refuse(first, EACCES);
}

/** Prints the first candidate that can run the program; offers no installation. */
function tellCandidate(list: number): never {
  const chosen = candidate.choose(list);
  if (chosen === candidate.NO_CANDIDATE) candidate.tellNone(list);
  const found = structure(CANDIDATE, chosen);
  tellWho(text(found.id), text(found.path));
}

/** Offers to install what is missing; returns the first candidate that can run the program then. */
function offered(list: number): number {
  const chosen = list === 0 ? candidate.NO_CANDIDATE : offer(list);
  if (chosen === candidate.NO_CANDIDATE) candidate.tellNone(list);
  return chosen;
}

/** Becomes the interpreter; returns if execve fails with EACCES. */
function become(chosen: Candidate): void {
  if (chosen.muvm !== 0) startMachine();
  execute(chosen);
}
