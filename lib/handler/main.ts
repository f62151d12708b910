/** Where the handler begins: docs/architecture.md follows one exec through it. */
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

/** Tells of the first candidate that can run the program; nothing is offered. */
function tellCandidate(list: number): never {
  const chosen = candidate.choose(list);
  if (chosen === candidate.NO_CANDIDATE) candidate.tellNone(list);
  const found = structure(CANDIDATE, chosen);
  tellWho(text(found.id), text(found.path));
}

/** The first candidate that can run the program after what is missing was installed. */
function offered(list: number): number {
  const chosen = list === 0 ? candidate.NO_CANDIDATE : offer(list);
  if (chosen === candidate.NO_CANDIDATE) candidate.tellNone(list);
  return chosen;
}

/** Becomes the interpreter; comes back where that may not be executed. */
function become(chosen: Candidate): void {
  if (chosen.muvm !== 0) startMachine();
  execute(chosen);
}
