import { loadConfig } from "../config/load.ts";
import type { Environment } from "../environment.ts";
import { type Decided, decideStart } from "../start/decide_start.ts";
import { hintFor } from "../explain/hint.ts";
import { printable } from "../printable.ts";
import { failed, type Failure, render, type Result, success } from "../failure.ts";
import { askManager } from "../install/ask_manager.ts";
import { privilegedCommand } from "../install/as_root.ts";
import type { Asker } from "../install/asker.ts";
import { findAsker } from "../install/find_asker.ts";
import { readLine } from "../install/terminal_asker.ts";
import { displayName, displayText } from "../install/dialogs/display_name.ts";
import { findManager } from "../install/managers/find_manager.ts";
import { interruption } from "../install/interruption.ts";
import { targetText } from "../install/need.ts";
import { nothingToOffer } from "../install/nothing_to_offer.ts";
import { findOffer, type Offer } from "../install/offer.ts";
import { type Subject, subjectOf } from "../install/subject.ts";
import { INSTALL, question } from "../install/words.ts";
import { output } from "../output.ts";
import { shellQuote } from "../shell_quote.ts";
import { isNative } from "../start/is_native.ts";
import type { Answer, Outcome } from "./answer.ts";
import type { Install } from "./command.ts";

/** Exit statuses by which the handler knows that the user was told (system/offer.ts). */
const TOLD = { declined: 126, otherwise: 127 };

/** `install`: finds out what is missing, asks, installs it, and reports the result. */
export async function install(command: Install, environment: Environment): Outcome {
  const interrupted = interruption();
  const result = await offerAndInstall(command, environment, interrupted);
  if (result.ok) return result;
  const { failure } = result;
  if (command.hold) await holdOpen(failure, interrupted);
  if (command.started === undefined) return command.hold ? success({ status: 1 }) : result;
  const status = failure.code === "declined" ? TOLD.declined : TOLD.otherwise;
  return success({ stderr: render(failure), status });
}

async function offerAndInstall(
  command: Install,
  environment: Environment,
  interrupted: AbortSignal,
): Promise<Result<Answer>> {
  const subject = subjectOf(command, environment);
  if (!subject.ok) return subject;
  const decided = decideStart(subject.value.facts, environment, true);
  if (!decided.ok) return decided;
  const native = nativeProgram(subject.value, decided.value, environment);
  if (native !== undefined && command.started === undefined) {
    return success({ stdout: `Nothing is missing: the kernel runs “${native}” natively.\n` });
  }
  if (runs(decided.value)) return success(alreadyThere(command, decided.value));
  // The start then reports what is missing, as if nobody could be asked.
  if (command.started !== undefined && !decided.value.effective.config.defaults.ask) {
    return success({ status: 1 });
  }
  const { failure } = decided.value.decision;
  if (failure !== undefined && failure.code !== "no-interpreter") return failed(failure);

  const what = whatOf(subject.value, decided.value);
  const { config: system } = loadConfig(environment, { user: false });
  const found = findManager(environment);
  const offer = await findOffer(decided.value.decision, system, found, askManager(environment));
  const asker = command.dry_run ? undefined : findAsker(environment, command.yes, interrupted);
  if (offer === undefined) {
    const { decision, effective } = decided.value;
    const next = await hintFor(decision, effective, [], "");
    const nothing = nothingToOffer(decided.value, found, what, next);
    await asker?.failed(nothing);
    return failed(nothing);
  }
  if (command.dry_run) return success({ stdout: commands(offer, environment) });
  if (asker === undefined) return failed(nobody(offer, what));
  const asked = { subject: subject.value, decided: decided.value, yes: command.yes };
  const why = await carryOut(offer, asked, asker, environment);
  return why === undefined ? success({}) : failed(why);
}

interface Asked {
  readonly subject: Subject;
  readonly decided: Decided;
  readonly yes: boolean;
}

/** Asks, installs and decides again; undefined if the program can run now. */
async function carryOut(
  offer: Offer,
  { subject, decided, yes }: Asked,
  asker: Asker,
  environment: Environment,
): Promise<Failure | undefined> {
  const { name } = offer.lacking;
  const what = whatOf(subject, decided);
  const text = question(offer, askingOf(subject, decided, environment));
  if (!yes && !await asker.ask({ text, title: `Install ${name}?`, yes: INSTALL })) {
    return { code: "declined", what, why: `${name} is needed, and its installation was declined` };
  }
  const installed = await asker.install(offer);
  // Only the files count, whatever the package manager reported.
  const now = decideStart(subject.facts, environment, true);
  if (now.ok && runs(now.value)) {
    await asker.done(`${name} is installed.`);
    return undefined;
  }
  if (installed.ok && offer.found.manager.restart) {
    const why = `${name} is installed, but works only after a restart of the computer`;
    await asker.done(`${why}.`);
    return { code: "not-installed", what, why };
  }
  const failure = installed.ok
    ? stillMissing(offer, what)
    : notInstalled(installed.failure, name, what);
  if (failure.code !== "declined") await asker.failed(failure);
  return failure;
}

function runs({ decision }: Decided): boolean {
  return decision.failure === undefined;
}

/** The subject's program, if it needs no interpreter. */
function nativeProgram({ program }: Subject, { decision }: Decided, environment: Environment) {
  const native = decision.own !== undefined || isNative(decision.program, environment.machine());
  return native ? program : undefined;
}

function alreadyThere({ started }: Install, { decision }: Decided): Answer {
  if (started !== undefined) return {};
  const { name, path } = decision.chosen!.candidate;
  const programs = `${decision.program?.name} programs`;
  return { stdout: `Nothing is missing: ${name} (${path}) runs ${programs}.\n` };
}

function whatOf({ program }: Subject, { decision }: Decided): string {
  return program === undefined ? `run ${decision.program?.name} programs` : `run “${program}”`;
}

function askingOf({ program }: Subject, { decision }: Decided, environment: Environment) {
  const loader = decision.program?.loader;
  return {
    program: program === undefined ? undefined : displayName(program),
    target: decision.program?.name ?? "",
    loader: loader === undefined ? undefined : displayText(printable(loader)),
    root: environment.uid() === 0,
  };
}

/** The commands that would run, one per line. */
function commands(offer: Offer, environment: Environment): string {
  const { manager, program } = offer.found;
  const own = manager.install(program, offer.packages.map(({ name }) => name));
  const all = environment.uid() === 0 ? [own] : [privilegedCommand(offer), own];
  return all.map(({ path, args }) => [path, ...args].map(shellQuote).join(" ") + "\n").join("");
}

function nobody({ lacking, packages }: Offer, what: string): Failure {
  const names = packages.map(({ name }) => name).join(", ");
  const why = `${lacking.name} is needed (${names}), and there is nobody to ask`;
  const { need } = lacking;
  const target = ["--machine", targetText(need)];
  const words = ["binfmt-dispatcher", "install", "--yes", ...target, "--", need.interpreter];
  const hint = `To install it without asking: ${words.map(shellQuote).join(" ")}`;
  return { code: "not-installed", what, why, hint };
}

function stillMissing({ lacking }: Offer, what: string): Failure {
  const files = lacking.groups.map((group) => group.join(" or ")).join(", ");
  const why = lacking.loader
    ? `${lacking.name} is installed, but the program's own loader is still missing`
    : `${lacking.name} is installed, but ${files} is still missing`;
  return { code: "not-installed", what, why };
}

function notInstalled(failure: Failure, name: string, what: string): Failure {
  return { ...failure, what, why: `${name} could not be installed: ${failure.why}` };
}

/** Keeps the terminal open until the user has read the message. */
async function holdOpen(failure: Failure, interrupted: AbortSignal): Promise<void> {
  await output(2, `\n${render(failure)}\nPress Enter to close this window. `);
  await readLine(interrupted);
}
