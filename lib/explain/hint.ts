/** What to do if a program cannot run. */
import type { Diagnostic, Effective } from "../config/config.ts";
import { keyName } from "../config/key_name.ts";
import { NARROWED } from "../config/narrowed_paths.ts";
import { ADMIN_LAYER } from "../paths.ts";
import type { Decision } from "../start/decision.ts";
import type { Kernel } from "./kernel.ts";
import type { Outcome } from "./outcome.ts";

/**
 * The failure's own hint, or a better one that names a place in the configuration. `root` is the
 * directory of another system, or "".
 */
export function hintFor(
  decision: Decision,
  effective: Effective,
  diagnostics: readonly Diagnostic[],
  root: string,
): string | undefined {
  const { failure, program, candidates, chosen } = decision;
  if (failure?.code === "cannot-run" && chosen !== undefined) {
    const key = keyName(["interpreters", chosen.candidate.id, "path"]);
    const origin = effective.origin(key);
    if (origin === undefined) return failure.hint;
    return `Install another one; ${origin.file}:${origin.line} sets ${key}.`;
  }
  if (failure?.code !== "no-interpreter" || program === undefined) return failure?.hint;
  // `install` works on the running system only.
  if (candidates.length > 0) return root === "" ? failure.hint : undefined;
  const { config } = effective;
  const rule = config.rules[(decision.rule?.index ?? 0) - 1];
  const own = config.machines.get(program.name) ?? [];
  const asked = [...rule?.interpreter ?? [], ...own, ...config.defaults.interpreter]
    .map((id) => keyName(["interpreters", id, "path"]));
  const narrowed = diagnostics.find(({ key, message }) =>
    message.startsWith(NARROWED) && asked.includes(key)
  );
  if (program.linkage !== undefined && narrowed !== undefined) {
    return `${narrowed.file}:${narrowed.line}: ${narrowed.key} ${narrowed.message}`;
  }
  const section = program.linkage === undefined ? "formats" : "machines";
  return `Set one in ${ADMIN_LAYER}: ${keyName([section, program.name, "interpreter"])} = …`;
}

/** Points to doctor if the handler does not get a program that it should; any other hint wins. */
export function withDoctor(outcome: Outcome, kernel: Kernel, root: string): Outcome {
  const { taken, registered, native, entry, entries } = kernel;
  const usable = entries.find(({ name }) => name === taken)?.usable ?? false;
  const wanted = entry !== undefined && !native && !["kernel", "script"].includes(outcome.result);
  if (outcome.hint !== undefined || root !== "" || !wanted || registered && usable) return outcome;
  return { ...outcome, hint: "To check the installation: binfmt-dispatcher doctor" };
}
