/** Makes each system call of a start fail in each way, and judges the outcome. */
import { ERRNO, errnosOf } from "./errnos.ts";
import { FaultStage } from "./fault_stage.ts";
import type { Call, Fault, Outcome } from "./injector.ts";
import type { Kind } from "./kinds.ts";

/**
 * The outcome of a start: the right interpreter, a message, a signal that was sent to it, or what
 * is right where the file that could not be looked at is not there.
 */
export type Verdict = "right" | "words" | "killed" | "as if absent";

/** Why not. */
const WORDS = /^binfmt-dispatcher: Cannot (run “|compile the system |.* in muvm's virtual)/m;

/** Errors that say so about a path, and that the interpreter is a directory. */
const ABSENCE: readonly number[] = [
  ...[ERRNO.ENOENT, ERRNO.ENOTDIR, ERRNO.EACCES, ERRNO.ELOOP, ERRNO.ENAMETOOLONG],
  ERRNO.EISDIR,
];
/** Without /proc the path that the caller gave is used: decide/program.ts. */
const NO_PROC: readonly number[] = [...ABSENCE, ERRNO.EPERM, ERRNO.ENOSYS];

/** Calls that repeat: polling, and setting each signal's action. */
const REPEATED: Readonly<Record<string, number>> = {
  ...{ nanosleep: 1, wait4: 2, rt_sigaction: 1, ioctl: 4 },
};

/** Of calls that repeat only the first and last ones are tried. */
const EACH_END = 20;

/** The calls of a start that are tried. */
export function triedCalls(calls: readonly Call[]): Call[] {
  const isLate = ({ process, name, occurrence }: Call) =>
    !calls.some((call) =>
      call.process === process && call.name === name && call.occurrence === occurrence + EACH_END
    );
  return calls.filter((call) =>
    call.name !== "exit_group" && call.occurrence <= (REPEATED[call.name] ?? Infinity) &&
    (call.occurrence <= EACH_END || isLate(call))
  );
}

const WAITING: readonly string[] = ["nanosleep", "wait4", "ppoll"];

/**
 * Was the call reached? How often a waiting process asks is another number each time; in muvm's
 * guest it waits for all.
 */
export function isReached({ way }: Kind, fault: Fault, { hit }: Outcome): boolean {
  return hit || way?.startsWith("guest") === true ||
    "call" in fault && WAITING.includes(fault.call.name);
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

export function describe(fault: Fault): string {
  if (!("call" in fault)) return fault.action;
  const { process, name, occurrence } = fault.call;
  const value = "value" in fault
    ? ` ${Object.entries(ERRNO).find(([, number]) => number === fault.value)?.[0]}`
    : "";
  return `${fault.action} ${process} ${name} ${occurrence}${value}`;
}

/** Undefined for a problem. */
function judge(stage: FaultStage, fault: Fault, outcome: Outcome): Verdict | undefined {
  const { kind: { way } } = stage;
  const { status, signal, stdout, stderr, left } = outcome;
  if (left > 0) return undefined;
  const isKilled = fault.action.startsWith("kill") && "call" in fault;
  const isInGuest = way?.startsWith("guest") === true;
  if (isKilled && fault.call.process === 0 && signal === 9) {
    // What it started in the guest, or told before, is said.
    if (stdout === "" || isInGuest || way === "tell") return "killed";
  }
  // Who waits for it in the guest tells of its child's end.
  if (isKilled && isInGuest && fault.call.process === 1 && status === 128 + 9) return "killed";
  // Nothing can be passed on: it ends, and the program with it.
  if (isInGuest && (signal === 15 || status === 125) && WORDS.test(stderr)) return "words";
  // Who asked takes its end for an answer.
  if (way === "tell" && (status === 1 || WORDS.test(stderr))) return "words";
  const cannotSpeak = "call" in fault && fault.call.name === "write";
  if ([125, 126, 127].includes(status) && stdout === "") {
    return WORDS.test(stderr) || cannotSpeak ? "words" : undefined;
  }
  const interpreter = stage.interpreterOf(outcome);
  if (interpreter === "right") return "right";
  // The error itself is told.
  if (way === "tell" && "value" in fault && stage.differsBy(`${fault.value}`, outcome)) {
    return "right";
  }
  return interpreter === "wrong" && tellsOfAbsence(fault) ? "as if absent" : undefined;
}

function tellsOfAbsence(fault: Fault): boolean {
  if (!("call" in fault && "value" in fault)) return false;
  const errors = fault.call.name === "readlinkat" ? NO_PROC : ABSENCE;
  return errors.includes(fault.value);
}

/** The outcome of a sweep. */
export interface Tally {
  /** How many system calls were tried. */
  readonly calls: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Problems, in words. */
  readonly problems: readonly string[];
}

const NOTHING: Fault = { action: "nothing" };

/**
 * Starts the program once for each fault of each system call that is wanted. After each it is
 * started without one: that has to go well.
 */
export async function sweep(
  kind: Kind,
  isWanted: (fault: Fault, index: number) => boolean,
): Promise<Tally> {
  await using stage = await FaultStage.open(kind);
  stage.prepare();
  const calls = triedCalls((await stage.start(NOTHING)).calls);
  const verdicts = { right: 0, words: 0, killed: 0, "as if absent": 0 };
  const problems: string[] = [];
  for (const fault of calls.flatMap(faultsOf).filter(isWanted)) {
    stage.prepare();
    const outcome = await stage.start(fault);
    const verdict = judge(stage, fault, outcome);
    if (!isReached(kind, fault, outcome)) {
      problems.push(`${describe(fault)}: the call was not reached`);
    }
    if (verdict === undefined) problems.push(`${describe(fault)}: ${JSON.stringify(outcome)}`);
    else verdicts[verdict]++;
    // Nobody is asked twice within some seconds.
    if (kind.way === "offer") stage.takeLeft();
    const again = await stage.start(NOTHING);
    if (judge(stage, NOTHING, again) !== "right" || again.stderr !== "") {
      problems.push(`after ${describe(fault)}: ${JSON.stringify(again)}`);
    }
    // A killed process cannot clean up: the next start does.
    for (const name of stage.takeLeft()) problems.push(`${describe(fault)}: left ${name}`);
  }
  return { calls: calls.length, verdicts, problems };
}
