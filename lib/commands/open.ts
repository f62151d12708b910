import type { Environment } from "../environment.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { findProgram } from "../find_program.ts";
import type { Asker } from "../install/asker.ts";
import { displayName } from "../install/dialogs/display_name.ts";
import { findAsker } from "../install/find_asker.ts";
import { interruption } from "../install/interruption.ts";
import { isExecutable, notExecutable } from "../is_executable.ts";
import { HANDLER } from "../paths.ts";
import type { Decision } from "../start/decision.ts";
import { decideStart } from "../start/decide_start.ts";
import { gather } from "../start/gather.ts";
import { isNative } from "../start/is_native.ts";
import { NOTHING, startProcess } from "../start_process.ts";
import type { Outcome } from "./answer.ts";
import type { Open } from "./command.ts";
import { install } from "./install.ts";
import { run } from "./run.ts";

/** Failures that `install` has already shown. */
const SHOWN: readonly Failure["code"][] = ["declined", "not-installed", "no-interpreter"];

const RUN = "Run";

/** `open FILE`: for file managers, which do not show standard error. */
export async function open({ file }: Open, environment: Environment, handler = HANDLER): Outcome {
  const asker = findAsker(environment, false, interruption());
  const program = file.includes("/") ? file : `./${file}`;
  const result = await start(program, asker, environment, handler);
  if (!result.ok && !SHOWN.includes(result.failure.code)) await asker?.failed(result.failure);
  return result;
}

async function start(
  program: string,
  asker: Asker | undefined,
  environment: Environment,
  handler: string,
): Outcome {
  const decided = decisionOf(program, environment);
  if (!decided.ok) return decided;
  const { failure, own, program: kind } = decided.value;
  const native = own !== undefined || isNative(kind, environment.machine());
  // Do not ask about a file that nothing could run here.
  if (!native && failure !== undefined && failure.code !== "no-interpreter") return failed(failure);
  if (!isExecutable(program, environment)) {
    const marked = await mark(program, asker, handler);
    if (!marked.ok) return marked;
  }
  const wish = { what: program, target: undefined, started: undefined };
  const options = { yes: false, dry_run: false, hold: false };
  if (!native) {
    const installed = await install({ kind: "install", ...wish, ...options }, environment);
    if (!installed.ok) return installed;
  }
  return await run({ kind: "run", program, args: [] }, environment, handler);
}

function decisionOf(program: string, environment: Environment): Result<Decision> {
  const found = findProgram(program, environment);
  if (!found.ok) return found;
  const gathered = gather(program, environment);
  if (!gathered.ok) return gathered;
  const decided = decideStart(gathered.value.facts, environment, true);
  return decided.ok ? success(decided.value.decision) : decided;
}

/** Asks, then makes the file executable. Deno may not write, so the handler starts chmod. */
async function mark(
  program: string,
  asker: Asker | undefined,
  handler: string,
): Promise<Result<void>> {
  const what = `open “${program}”`;
  if (asker === undefined) {
    return failed({ code: "cannot-run", what, ...notExecutable(program) });
  }
  const text = `“${displayName(program)}” is not marked as executable. A program can do ` +
    "everything that you can. Run it only if you trust its source.";
  if (!await asker.ask({ text, title: "Run this program?", yes: RUN })) {
    return failed({ code: "declined", what, why: "making it executable was declined" });
  }
  const child = startProcess(handler, ["/bin/chmod", "u+x", "--", program], NOTHING, what);
  if (!child.ok) return child;
  if ((await child.value.status).success) return success(undefined);
  const why = "it cannot be made executable: another user owns it, or its file system is read-only";
  return failed({ code: "cannot-run", what, why, hint: "Copy the file, and open the copy." });
}
