/** Makes each system call of a start fail in each way, and judges the outcome. */
import { ERRNO, errnosOf } from "./errnos.ts";
import { FaultStage } from "./fault_stage.ts";
import type { Call, Fault, Outcome } from "./injector.ts";
import type { Kind } from "./kinds.ts";

/**
 * The outcome of a start: the right interpreter, a message, the signal of a fault, or what would be
 * right if the file of the failed call were absent.
 */
export type Verdict = "right" | "words" | "killed" | "as if absent";

/** Messages that say why not. */
const WORDS = /^binfmt-dispatcher: Cannot (run “|compile the system |.* in muvm's virtual)/m;

/** Errors of an absent path, and of an interpreter that is a directory. */
const ABSENCE: readonly number[] = [
  ...[ERRNO.ENOENT, ERRNO.ENOTDIR, ERRNO.EACCES, ERRNO.ELOOP, ERRNO.ENAMETOOLONG],
  ERRNO.EISDIR,
];
/** Without /proc the caller's path is used: decide/program.ts. */
const NO_PROC: readonly number[] = [...ABSENCE, ERRNO.EPERM, ERRNO.ENOSYS];

/** Calls that repeat, by polling or for each signal, and how many of them are tried. */
const REPEATED: Readonly<Record<string, number>> = {
  ...{ nanosleep: 1, wait4: 2, rt_sigaction: 1, ioctl: 4 },
};

/** The number of first and of last calls of a name that are tried. */
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
 * Was the call reached? The calls of a waiting process differ in number; in muvm's guest this
 * affects all calls.
 */
export function isReached({ way }: Kind, fault: Fault, { hit }: Outcome): boolean {
  return hit || way?.startsWith("guest") === true ||
    "call" in fault && WAITING.includes(fault.call.name);
}

/** The faults of a call: each error, for this call only and for all later ones; and death at it. */
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

/** The verdict on an outcome; undefined for a problem. */
function judge(stage: FaultStage, fault: Fault, outcome: Outcome): Verdict | undefined {
  const { kind: { way } } = stage;
  const { status, signal, stdout, stderr, left } = outcome;
  if (left > 0) return undefined;
  const isKilled = fault.action.startsWith("kill") && "call" in fault;
  const isInGuest = way?.startsWith("guest") === true;
  if (isKilled && fault.call.process === 0 && signal === 9) {
    // The guest's program may have printed something, and so may `tell`.
    if (stdout === "" || isInGuest || way === "tell") return "killed";
  }
  // The waiting parent in the guest passes on its child's status.
  if (isKilled && isInGuest && fault.call.process === 1 && status === 128 + 9) return "killed";
  // If no input can be relayed, SIGTERM ends the program, and the handler unless it is ignored.
  const isTerminated = status === 128 + 15 || signal === 15;
  if (isInGuest && (isTerminated || status === 125) && WORDS.test(stderr)) return "words";
  // For `tell` a failure is an answer.
  if (way === "tell" && (status === 1 || WORDS.test(stderr))) return "words";
  const cannotSpeak = "call" in fault && fault.call.name === "write";
  if ([125, 126, 127].includes(status) && stdout === "") {
    return WORDS.test(stderr) || cannotSpeak ? "words" : undefined;
  }
  const interpreter = stage.interpreterOf(outcome);
  if (interpreter === "right") return "right";
  // The answer contains the error itself.
  if (way === "tell" && "value" in fault && stage.differsBy(`${fault.value}`, outcome)) {
    return "right";
  }
  return interpreter === "wrong" && meansAbsence(fault) ? "as if absent" : undefined;
}

function meansAbsence(fault: Fault): boolean {
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

/** Starts the program once with each wanted fault; after each one a start without must be right. */
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
    // Within some seconds there is no second offer.
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
