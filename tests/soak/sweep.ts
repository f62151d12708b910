/** Each system call of a start made to fail in each way, and what came of it. */
import { HEADER, SOURCE } from "../../lib/routes/format.ts";
import { exists } from "../../tasks/exists.ts";
import { parseReport } from "../programs.ts";
import { ERRNO, errnosOf } from "./errnos.ts";
import { FaultStage, type Kind, TABLE } from "./fault_stage.ts";
import type { Call, Fault, Outcome } from "./injector.ts";

/**
 * What a start came to: the right interpreter, words, a signal that was sent to it, or what is
 * right where the file that could not be looked at is not there.
 */
export type Verdict = "right" | "words" | "killed" | "as if absent";

/** Errors that say so of a path; and that tell the interpreter is a folder. */
const ABSENCE: readonly number[] = [
  ...[ERRNO.ENOENT, ERRNO.ENOTDIR, ERRNO.EACCES, ERRNO.ELOOP, ERRNO.ENAMETOOLONG],
  ERRNO.EISDIR,
];
/** Without /proc the path that the caller gave serves: decide/program.ts. */
const NO_PROC: readonly number[] = [...ABSENCE, ERRNO.EPERM, ERRNO.ENOSYS];

/** Who waits asks again and again, and each signal's action is set alike. */
const REPEATED: Readonly<Record<string, number>> = { nanosleep: 1, wait4: 2, rt_sigaction: 1 };

/** The calls of a start that are tried. */
function triedCalls(calls: readonly Call[]): Call[] {
  return calls.filter(({ name, occurrence }) =>
    name !== "exit_group" && occurrence <= (REPEATED[name] ?? Infinity)
  );
}

/** Each error of a call, for that one alone and for all that follow it; and death at it. */
function faultsOf(call: Call): Fault[] {
  const values = errnosOf(call.name).map((name) => ERRNO[name]);
  return [
    ...values.map((value): Fault => ({ action: "errno", call, value })),
    ...values.map((value): Fault => ({ action: "always", call, value })),
    { action: "kill", call },
    { action: "killed", call },
  ];
}

function describe(fault: Fault): string {
  if (!("call" in fault)) return fault.action;
  const { process, name, occurrence } = fault.call;
  const value = "value" in fault
    ? ` ${Object.entries(ERRNO).find(([, number]) => number === fault.value)?.[0]}`
    : "";
  return `${fault.action} ${process} ${name} ${occurrence}${value}`;
}

/** Undefined for what must not be. */
function judge(stage: FaultStage, fault: Fault, outcome: Outcome): Verdict | undefined {
  const { status, signal, stdout, stderr, left } = outcome;
  if (left > 0) return undefined;
  const isKilled = fault.action.startsWith("kill") && "call" in fault && fault.call.process === 0;
  if (isKilled && signal === 9 && stdout === "") return "killed";
  if (signal !== 0) return undefined;
  const cannotSpeak = "call" in fault && fault.call.name === "write";
  if ([125, 126, 127].includes(status) && stdout === "") {
    return /^binfmt-dispatcher: Cannot run “/m.test(stderr) || cannotSpeak ? "words" : undefined;
  }
  if (!/^(binfmt-dispatcher: Cannot make a new route table: .*\n)?$/.test(stderr)) return undefined;
  const { argv } = parseReport(stdout);
  const given = [stage.stage.path("link"), ...stage.args];
  if (status !== 1 + given.length || argv.slice(1).join("\0") !== given.join("\0")) {
    return undefined;
  }
  if (argv[0] === stage.stage.path("right")) return "right";
  return argv[0] === stage.stage.path("wrong") && tellsOfAbsence(fault)
    ? "as if absent"
    : undefined;
}

function tellsOfAbsence(fault: Fault): boolean {
  if (!("call" in fault && "value" in fault)) return false;
  const errors = fault.call.name === "readlinkat" ? NO_PROC : ABSENCE;
  return errors.includes(fault.value);
}

/** Where the stage's tables stand. */
function tableFolder({ stage, kind }: FaultStage): string {
  if (kind.session) return stage.path("runtime/binfmt-dispatcher");
  return stage.path(kind.user ? "home/.cache/binfmt-dispatcher" : "tables");
}

function tables(stage: FaultStage): string[] {
  try {
    return [...Deno.readDirSync(tableFolder(stage))].map(({ name }) => name);
  } catch {
    return [];
  }
}

/** As the kind of start has it, from a table that holds. */
function prepare(stage: FaultStage, fresh: Uint8Array): void {
  const folder = tableFolder(stage);
  const [name = TABLE] = tables(stage).filter((name) => name.startsWith(TABLE));
  if (stage.kind.table === "none") {
    // Where one folder fails, the other one serves.
    for (const each of [folder, stage.stage.path("home/.cache")]) {
      if (exists(each)) Deno.removeSync(each, { recursive: true });
    }
    if (!stage.kind.user) Deno.mkdirSync(folder, { mode: 0o755 });
    return;
  }
  const table = fresh.slice();
  if (stage.kind.table === "stale") {
    const first = new DataView(table.buffer).getUint32(HEADER.sources, true);
    table[first + SOURCE.exists]! ^= 1;
  }
  Deno.mkdirSync(folder, { recursive: true });
  Deno.writeFileSync(`${folder}/${name}`, table, { mode: stage.kind.user ? 0o600 : 0o644 });
}

/** What a sweep came to. */
export interface Tally {
  /** How many system calls were tried. */
  readonly calls: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Tables that were not finished and stayed: of a start that was killed, or could not rename. */
  readonly unfinished: number;
  /** What must not be, in words. */
  readonly problems: readonly string[];
}

const UNFINISHED = /^new-\d+$/;

/** The files that a fault left in the folder for tables; they are gone then. */
function takeLeftFiles(stage: FaultStage): string[] {
  const left = tables(stage).filter((name) => !name.startsWith(TABLE));
  for (const name of left) Deno.removeSync(`${tableFolder(stage)}/${name}`);
  return left;
}

function mayStay(name: string, fault: Fault): boolean {
  const isCutOff = fault.action.startsWith("kill") ||
    ("call" in fault && fault.call.name === "renameat2");
  return isCutOff && UNFINISHED.test(name);
}

/** Milliseconds after which no source is young: lib/handler/system/sources.ts. */
const SETTLED = 40;

/**
 * Starts the program once for each fault of each system call that is wanted. After each it is
 * started without one: that has to go well.
 */
export async function sweep(
  kind: Kind,
  isWanted: (fault: Fault, index: number) => boolean,
): Promise<Tally> {
  await using stage = await FaultStage.open(kind);
  await new Promise((resolve) => setTimeout(resolve, SETTLED));
  const nothing: Fault = { action: "nothing" };
  await stage.injector.start(nothing);
  const fresh = Deno.readFileSync(`${tableFolder(stage)}/${tables(stage)[0]}`);
  prepare(stage, fresh);
  const calls = triedCalls((await stage.injector.start(nothing)).calls);
  const verdicts = { right: 0, words: 0, killed: 0, "as if absent": 0 };
  const problems: string[] = [];
  let unfinished = 0;
  for (const fault of calls.flatMap(faultsOf).filter(isWanted)) {
    prepare(stage, fresh);
    const outcome = await stage.injector.start(fault);
    const verdict = judge(stage, fault, outcome);
    if (!outcome.hit) problems.push(`${describe(fault)}: the call was not reached`);
    if (verdict === undefined) problems.push(`${describe(fault)}: ${JSON.stringify(outcome)}`);
    else verdicts[verdict]++;
    for (const name of takeLeftFiles(stage)) {
      if (mayStay(name, fault)) unfinished++;
      else problems.push(`${describe(fault)}: left ${name}`);
    }
    const again = await stage.injector.start(nothing);
    if (judge(stage, nothing, again) !== "right" || again.stderr !== "") {
      problems.push(`after ${describe(fault)}: ${JSON.stringify(again)}`);
    }
  }
  return { calls: calls.length, verdicts, unfinished, problems };
}
