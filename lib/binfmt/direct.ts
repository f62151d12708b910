/** Which interpreter an entry names itself, where nothing has to be chosen for each program. */
import type { Config } from "../config/config.ts";
import { pathServes } from "../config/path_machine.ts";
import { MACHINES } from "../elf/machines.ts";
import { failed, type Result, success } from "../failure.ts";

export interface DirectFacts {
  readonly exists: (path: string) => boolean;
  /** Bytes, of the running kernel. */
  readonly pageSize: number;
}

/**
 * The first existing path of the machine's or format's list, else of the default's. Interpreters
 * that would need muvm here do not count: an entry cannot name two programs.
 */
export function directInterpreter(
  name: string,
  config: Config | undefined,
  { exists, pageSize }: DirectFacts,
): Result<string> {
  const what = `register an interpreter for “${name}”`;
  if (config === undefined) throw new Error("--direct needs a configuration");
  const machine = MACHINES.find((machine) => machine.name === name);
  const list = machine === undefined
    ? config.formats.get(name)?.interpreter ?? []
    : config.machines.get(name) ?? config.defaults.interpreter;
  const tried: string[] = [];
  for (const id of list) {
    const interpreter = config.interpreters.get(id);
    if (interpreter === undefined) continue;
    if (machine !== undefined && !interpreter.machines.includes(name)) continue;
    if (interpreter.use_muvm && pageSize !== config.muvm.page_size) continue;
    for (const template of interpreter.path) {
      const path = template.replaceAll("{machine}", name)
        .replaceAll("{gnu}", machine?.gnu ?? "").replaceAll("{debian}", machine?.debian ?? "");
      if (machine !== undefined && !pathServes(path, name)) continue;
      if (exists(path)) return success(path);
      tried.push(path);
    }
  }
  const why = tried.length === 0
    ? "the configuration has none for it"
    : `none of ${tried.join(", ")} exists`;
  return failed({ code: "no-interpreter", what, why });
}
