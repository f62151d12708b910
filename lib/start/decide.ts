/** Runs the handler's own functions on facts, to learn what a start would do. */
import { failed, type Failure, findRendered, type Result } from "../failure.ts";
import * as caller from "../handler/caller.ts";
import * as candidate from "../handler/decide/candidate.ts";
import {
  fillArgv,
  fillEnvironment,
  fillOwnArgv,
  fillScriptArgv,
  nAdded,
} from "../handler/decide/command.ts";
import * as home from "../handler/decide/home.ts";
import * as kind from "../handler/decide/kind.ts";
import { pickedList } from "../handler/decide/override.ts";
import * as program from "../handler/decide/program.ts";
import { findList } from "../handler/decide/rule.ts";
import * as table from "../handler/decide/table.ts";
import { EACCES } from "../handler/linux.ts";
import { end } from "../handler/message.ts";
import { use } from "../handler/outside.ts";
import { listen } from "../handler/report.ts";
import { refuse } from "../handler/system/execute.ts";
import { CANDIDATE, isByLinks, ruleOf } from "../routes/format.ts";
import { Table } from "../routes/table.ts";
import { shellQuote } from "../shell_quote.ts";
import { Collector } from "./collector.ts";
import type { Decision } from "./decision.ts";
import type { Facts } from "./facts.ts";
import { End, FactsKernel } from "./facts_kernel.ts";

const decoder = new TextDecoder();

/**
 * Decides what runs a program. A Failure in the decision is the handler's own error message; a
 * Failure instead of a decision means that the table is damaged.
 */
export function decide(bytes: Uint8Array, facts: Facts): Result<Decision> {
  const read = Table.read(bytes);
  if (!read.ok) return read;
  const kernel = new FactsKernel(facts);
  const collector = new Collector(read.value);
  use(kernel);
  listen(collector);
  let done: Done = { own: undefined, command: undefined, shown: [] };
  let failure: Failure | undefined;
  try {
    done = commandOf(bytes, kernel, collector, facts);
  } catch (error) {
    if (!(error instanceof End)) throw error;
    failure = failureOf(kernel.said, error.status, collector, facts);
  } finally {
    use(undefined);
    listen(undefined);
  }
  if (failure?.why === table.DAMAGED) return failed(failure);
  return read.value.settle(decisionOf(read.value, collector, { ...done, failure }));
}

type Done = Pick<Decision, "own" | "command" | "shown">;

/** The steps of a start up to execve, as in lib/handler/main.ts. */
function commandOf(
  bytes: Uint8Array,
  kernel: FactsKernel,
  collector: Collector,
  facts: Facts,
): Done {
  caller.readStack();
  home.forget();
  program.open();
  table.use(bytes);
  kind.find();
  if (kind.own !== kind.OWN.NO) {
    const isProgram = kind.own === kind.OWN.PROGRAM;
    const argv = kernel.stringsOf(isProgram ? fillOwnArgv() : fillScriptArgv());
    const own = isProgram ? "program" : "script";
    return { own, command: { argv, env: facts.env, added: [] }, shown: argv };
  }
  const list = pickedList(findList(kind.target), kind.target);
  candidate.considerAll(list);
  listen(undefined);
  const chosen = candidate.choose(list);
  if (chosen === candidate.NO_CANDIDATE) {
    const likely = candidate.chooseToTry(list);
    if (likely !== candidate.NO_CANDIDATE) refuse(table.structure(CANDIDATE, likely), EACCES);
    candidate.sayNone(list);
    end(127);
  }
  const structure = table.structure(CANDIDATE, chosen);
  const argv = kernel.stringsOf(fillArgv(structure));
  const envp = fillEnvironment(structure);
  const env = envp === undefined ? facts.env : kernel.stringsOf(envp);
  const added = env.slice(env.length - nAdded);
  listen(collector);
  const shown = kernel.stringsOf(fillArgv(structure));
  return { own: undefined, command: { argv, env, added }, shown };
}

/** The handler's message as a Failure, with a hint about installation for status 127. */
function failureOf(said: string, status: number, { program }: Collector, facts: Facts): Failure {
  const { why = "", hint } = findRendered(said)?.told ?? {};
  const what = `run “${decoder.decode(facts.program)}”`;
  if (status !== 127) {
    const code = program === undefined ? "not-a-program" : "cannot-run";
    const told = { code: status === 125 ? "internal" : code, what, why } as const;
    return hint === undefined ? told : { ...told, hint };
  }
  const install = `Install what is missing: binfmt-dispatcher install ${shellQuote(facts.program)}`;
  return { code: "no-interpreter", what, why, hint: install };
}

function decisionOf(
  table: Table,
  { program, matched, home_part, picks, considered }: Collector,
  rest: Done & Pick<Decision, "failure">,
): Decision {
  return {
    program,
    rule: program && { ...table.rule(ruleOf(matched)), by_links: isByLinks(matched), home_part },
    override: picks,
    candidates: considered,
    chosen: considered.find(({ verdict }) => verdict.kind === "usable"),
    ...rest,
  };
}
