/** Changes in the middle of a start, at each of its system calls; wrong clocks. */
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

/** What is done at a call, in sh, how it is undone, and which outcomes are right then. */
interface Deed {
  readonly text: (stage: FaultStage) => string;
  readonly undo?: (stage: FaultStage) => string;
  readonly allowed: readonly ("right" | "wrong" | "words")[];
  /** What the next start finds; the layers were changed. */
  readonly then: "right" | "wrong";
}

export const DEEDS = {
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
    // The rule is for the program's path, which is another one then.
    allowed: ["right", "wrong"],
    then: "right",
  },
} as const satisfies Record<string, Deed>;

function shell(text: string): void {
  const { success } = new Deno.Command("sh", { args: ["-c", text] }).outputSync();
  if (!success) throw new Error(`Cannot ${text}`);
}

/** Does it at each selected call; after each the next start must be right and silent. */
export async function meddle(
  kind: Kind,
  name: keyof typeof DEEDS,
  isWanted: (index: number) => boolean,
): Promise<Meddled> {
  const deed: Deed = DEEDS[name];
  await using stage = await FaultStage.open(kind);
  stage.prepare();
  const calls = triedCalls((await stage.start({ action: "nothing" })).calls);
  const problems: string[] = [];
  let tried = 0;
  for (const call of calls.filter((_, i) => isWanted(i))) {
    stage.prepare();
    const fault: Fault = { action: "do", call, text: deed.text(stage) };
    const outcome = await stage.start(fault);
    const came = stage.interpreterOf(outcome) ?? (WORDS.test(outcome.stderr) ? "words" : undefined);
    if (!isReached(kind, fault, outcome)) {
      problems.push(`${describe(fault)}: the call was not reached`);
    }
    if (!outcome.hit) continue;
    tried++;
    if (came === undefined || !deed.allowed.includes(came) || outcome.left > 0) {
      problems.push(`${describe(fault)}: ${JSON.stringify(outcome)}`);
    }
    const next = await stage.start({ action: "nothing" });
    if (stage.interpreterOf(next) !== deed.then || next.stderr !== "") {
      problems.push(`after ${describe(fault)}: ${JSON.stringify(next)}`);
    }
    if (deed.undo !== undefined) shell(deed.undo(stage));
    if (name === "the layers change") await stage.settle();
  }
  return { tried, problems };
}

/** Seconds by which the clock is wrong while a table is made. */
const WRONG_BY = [-31_536_000, -86_400, -3600, -1, 1, 3600, 86_400, 315_360_000];

/** With each wrong clock a table is made; it is used, and a change of the layers is noticed. */
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
