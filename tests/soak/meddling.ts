/** Changes during a start, at each of its system calls; wrong clocks. */
import { FaultStage } from "./fault_stage.ts";
import type { Fault } from "./injector.ts";
import type { Kind } from "./kinds.ts";
import { describe, isReached, triedCalls } from "./sweep.ts";

export interface Meddled {
  readonly tried: number;
  /** Problems, in words. */
  readonly problems: readonly string[];
}

/** A message that says why not. */
const WORDS = /^binfmt-dispatcher: Cannot run “/m;

/** A change at a call, in sh, its reversal, and the outcomes that are right. */
interface Change {
  readonly text: (stage: FaultStage) => string;
  readonly undo?: (stage: FaultStage) => string;
  readonly allowed: readonly ("right" | "wrong" | "words")[];
  /** The interpreter of the next start. */
  readonly then: "right" | "wrong";
}

export const CHANGES = {
  "the directory for tables is removed": {
    text: ({ directory }) => `rm -rf ${directory}`,
    allowed: ["right"],
    then: "right",
  },
  "a dangling link replaces the directory for tables": {
    text: ({ directory }) =>
      `mkdir -p ${directory}; rm -rf ${directory}; ln -s /nowhere ${directory}`,
    allowed: ["right"],
    then: "right",
  },
  "the layers change": {
    text: (stage) => stage.change("wrong"),
    undo: (stage) => stage.change("right"),
    allowed: ["right", "wrong"],
    then: "wrong",
  },
  "the interpreter is removed": {
    text: ({ stage }) => `mv ${stage.path("right")} ${stage.path("away")}`,
    undo: ({ stage }) => `mv ${stage.path("away")} ${stage.path("right")}`,
    allowed: ["right", "wrong", "words"],
    then: "wrong",
  },
  "another file replaces the program": {
    text: ({ stage }) => {
      const [program, away] = [stage.path("program"), stage.path("away")];
      return `mv ${program} ${away}; cp ${away} ${program}`;
    },
    // The rule is for the program's path, which changes.
    allowed: ["right", "wrong"],
    then: "right",
  },
} as const satisfies Record<string, Change>;

function shell(text: string): void {
  const { success } = new Deno.Command("sh", { args: ["-c", text] }).outputSync();
  if (!success) throw new Error(`Cannot ${text}`);
}

/** Makes the change at each selected call; after each one a start must be right and silent. */
export async function meddle(
  kind: Kind,
  name: keyof typeof CHANGES,
  isWanted: (index: number) => boolean,
): Promise<Meddled> {
  const change: Change = CHANGES[name];
  await using stage = await FaultStage.open(kind);
  stage.prepare();
  const calls = triedCalls((await stage.start({ action: "nothing" })).calls);
  const problems: string[] = [];
  let tried = 0;
  for (const call of calls.filter((_, i) => isWanted(i))) {
    stage.prepare();
    const fault: Fault = { action: "do", call, text: change.text(stage) };
    const outcome = await stage.start(fault);
    const verdict = stage.interpreterOf(outcome) ??
      (WORDS.test(outcome.stderr) ? "words" : undefined);
    if (!isReached(kind, fault, outcome)) {
      problems.push(`${describe(fault)}: the call was not reached`);
    }
    if (!outcome.hit) continue;
    tried++;
    if (verdict === undefined || !change.allowed.includes(verdict) || outcome.left > 0) {
      problems.push(`${describe(fault)}: ${JSON.stringify(outcome)}`);
    }
    const next = await stage.start({ action: "nothing" });
    if (stage.interpreterOf(next) !== change.then || next.stderr !== "") {
      problems.push(`after ${describe(fault)}: ${JSON.stringify(next)}`);
    }
    if (change.undo !== undefined) shell(change.undo(stage));
    if (name === "the layers change") await stage.settle();
  }
  return { tried, problems };
}

/** Seconds by which the clock is wrong while a table is made. */
const WRONG_BY = [-31_536_000, -86_400, -3600, -1, 1, 3600, 86_400, 315_360_000];

/** Makes a table with each wrong clock; it must be used, and a change of the layers noticed. */
export async function setClocks(kind: Kind): Promise<Meddled> {
  await using stage = await FaultStage.open(kind);
  const problems: string[] = [];
  for (const value of WRONG_BY) {
    stage.prepare();
    await stage.settle();
    const said: string[] = [];
    for (const fault of [{ action: "clock", value }, { action: "nothing" }] as const) {
      const outcome = await stage.start(fault);
      if (fault.action === "clock" && !outcome.hit) said.push("no clock was asked");
      said.push(stage.interpreterOf(outcome) ?? JSON.stringify(outcome));
    }
    if (stage.tables().length !== 1) said.push(`tables: ${stage.tables().join()}`);
    shell(stage.change("wrong"));
    said.push(stage.interpreterOf(await stage.start({ action: "nothing" })) ?? "neither");
    shell(stage.change("right"));
    if (said.join() !== "right,right,wrong") problems.push(`${value} s: ${said.join()}`);
  }
  return { tried: WRONG_BY.length, problems };
}
