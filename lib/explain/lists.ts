/** Which list of interpreters is used for a program, and which lists before it are not. */
import type { Config, Rule } from "../config/config.ts";
import { keyName } from "../config/key_name.ts";
import type { Decision } from "../start/decision.ts";

/** A list that the configuration has for the program. */
export interface InterpreterList {
  /** Dotted, as TOML writes it: `binaries.steam.interpreter`. */
  readonly key: string;
  readonly interpreters: readonly string[];
  /** The first list with an interpreter made for the program is used; later ones are not asked. */
  readonly state: "serves" | "passed over" | "not asked";
}

/**
 * In the order in which they are asked: the rule's, the machine's or format's own, the default's.
 * None is asked if the caller picked an interpreter.
 */
export function interpreterLists(
  config: Config,
  rule: Rule | undefined,
  { program, candidates }: Pick<Decision, "program" | "candidates">,
  picked: boolean,
): InterpreterList[] {
  if (program === undefined) return [];
  const { name, linkage } = program;
  const own = linkage === undefined
    ? [["formats", name, config.formats.get(name)?.interpreter] as const]
    : [
      ["machines", name, config.machines.get(name)] as const,
      ["defaults", "", config.defaults.interpreter] as const,
    ];
  const all = [["binaries", rule?.id ?? "", rule?.interpreter] as const, ...own];
  // The candidates come from the list in use; an earlier list with one of them would be in use.
  const served = candidates.filter(({ verdict }) =>
    verdict.kind !== "conditions" || !verdict.conditions.some((each) => LINKAGE.includes(each))
  ).map(({ candidate }) => candidate.id);
  let found = picked;
  return all.flatMap(([section, id, interpreters]) => {
    if (interpreters === undefined) return [];
    const key = keyName([section, ...(id === "" ? [] : [id]), "interpreter"]);
    const serves = !found && interpreters.some((each) => served.includes(each));
    const state = found ? "not asked" : serves ? "serves" : "passed over";
    found ||= serves;
    return [{ key, interpreters, state } as const];
  });
}

/** Keys that say which programs an interpreter is made for. */
const LINKAGE: readonly string[] = ["static", "dynamic"];
