import { MACHINES } from "../elf/machines.ts";
import {
  type FormatState,
  formatState,
  type Known,
  linkAt,
  linkPath,
} from "../enable/format_state.ts";
import { plan, type Step } from "../enable/plan.ts";
import { stateTable, stepWords } from "../enable/words.ts";
import type { Environment } from "../environment.ts";
import { askHandler } from "../explain/ask_handler.ts";
import { type Result, success } from "../failure.ts";
import { output } from "../output.ts";
import { REGISTRAR } from "../paths.ts";
import { loadRoutes } from "../start/decide_start.ts";
import { startProcess } from "../start_process.ts";
import { style } from "../style.ts";
import type { Outcome } from "./answer.ts";
import type { Enable } from "./command.ts";

/** `enable` and `disable`: run the registrar, or without names list the states. */
export async function enable(command: Enable, environment: Environment): Outcome {
  // Entries are system-wide: the user's layer is ignored.
  const { effective: { config }, compiled } = loadRoutes(environment, false);
  if (!compiled.ok) return compiled;
  const asked = askHandler(["/"], environment);
  const told = asked.ok ? asked.value : undefined;
  const known: Known = { environment, config, table: compiled.value.table, told };
  if (command.names.length === 0) {
    const unseen = asked.ok ? undefined : asked.failure.why;
    return success({ stdout: stateTable(allStates(known), style(environment, 1), unseen) });
  }
  const named = [...new Set(command.names)].map((name) => ({
    name,
    state: formatState(name, known),
    link: linkAt(linkPath(`binfmt-dispatcher-${name}`), environment),
  }));
  const { root } = environment;
  const steps = plan(command.kind, named, { uid: environment.uid(), here: root === "" });
  if (!steps.ok) return steps;
  let status = 0;
  for (const step of steps.value) {
    const done = await runRegistrar(step, root);
    if (!done.ok) return done;
    if (done.value === 0) await output(1, stepWords(step, root));
    status = Math.max(status, done.value);
  }
  return success({ status });
}

/** The states of all machines and formats except the host's own. */
function allStates(known: Known): FormatState[] {
  const names = [...MACHINES.map(({ name }) => name), ...[...known.config.formats.keys()].sort()];
  const states = names.flatMap((name) => {
    const state = formatState(name, known);
    return state.ok ? [state.value] : [];
  });
  return [...new Map(states.map((state) => [state.name, state])).values()];
}

/** Runs the registrar, which prints its own errors. Returns its exit status. */
async function runRegistrar(
  { action, name, file, text }: Step,
  root: string,
): Promise<Result<number>> {
  const args = [...(root === "" ? [] : ["--root", root]), action, file];
  const stdin = text === undefined ? "null" : "piped";
  const options = { stdin, stdout: "inherit", stderr: "inherit", clearEnv: true } as const;
  const toInstall = "Install the package of binfmt-dispatcher.";
  const child = startProcess(REGISTRAR, args, options, `${action} “${name}”`, toInstall);
  if (!child.ok) return child;
  if (text !== undefined) {
    const writer = child.value.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text)).catch(() => {});
    await writer.close().catch(() => {});
  }
  return success((await child.value.status).code);
}
