/** What could be installed so that a program runs. */
import type { Config } from "../config/config.ts";
import type { CLibrary } from "../elf/c_library.ts";
import type { Manager } from "../install/managers/manager.ts";
import { type NamedPackages, namedPackages } from "../install/named_packages.ts";
import type { Considered } from "../start/decision.ts";
import { targetNamed } from "../routes/targets.ts";

export interface Packages extends NamedPackages {
  /** As the configuration names it: dnf, apt, pacman, … */
  readonly manager: string;
}

export interface Remedy {
  readonly interpreter: string;
  readonly name: string;
  /** For this system's package manager; for all if that is unknown or not among them. */
  readonly install: readonly Packages[];
  /** The configuration's own words. */
  readonly hint: string | undefined;
}

/** One for each interpreter that lacks something, in the candidates' order. */
export function remedies(
  config: Config,
  target: string,
  candidates: readonly Considered[],
  here: Manager | undefined,
  library: CLibrary = "glibc",
): Remedy[] {
  const lacking = candidates.filter(({ verdict }) =>
    verdict.kind === "missing" || verdict.kind === "no loader"
  );
  const ids = [...new Set(lacking.map(({ candidate }) => candidate.id))];
  return ids.flatMap((id) => {
    const interpreter = config.interpreters.get(id);
    if (interpreter === undefined) return [];
    const throughMuvm = lacking.some(({ candidate, verdict }) =>
      candidate.id === id && candidate.muvm !== undefined && verdict.kind === "missing"
    );
    const tables = [interpreter.packages, ...(throughMuvm ? [config.muvm.packages] : [])];
    const keys = [...new Set(tables.flatMap((each) => Object.keys(each)))];
    const own = here?.keys.find((key) => keys.includes(key));
    const install = (own === undefined ? keys : [own]).map((manager) => ({
      manager,
      ...namedPackages(config, id, targetNamed(config, target), [manager], throughMuvm, library),
    }));
    // A package for all machines is installed already, and contains no C library.
    const isLoaderAlone = lacking.every(({ candidate, verdict }) =>
      candidate.id !== id || verdict.kind === "no loader"
    );
    const helpful = install.filter(({ optional }) => !isLoaderAlone || optional.length > 0);
    const { name, hint } = interpreter;
    return [{ interpreter: id, name, install: helpful, hint }];
  });
}
