/** What could be installed so that a program runs. */
import type { Config } from "../config/config.ts";
import { MACHINES } from "../elf/machines.ts";
import type { Considered } from "../routes/consider.ts";
import { fillInRow } from "../routes/template.ts";

export interface Packages {
  /** As the configuration names it: dnf, apt, pacman, … */
  readonly manager: string;
  readonly packages: readonly string[];
  /** Further ones, if the distribution has them. */
  readonly optional: readonly string[];
}

export interface Remedy {
  readonly interpreter: string;
  readonly name: string;
  /** For the package managers that are here; for all where none of these is. */
  readonly install: readonly Packages[];
  /** The configuration's own words. */
  readonly hint: string | undefined;
}

type Named = Readonly<Record<string, readonly string[]>>;

/** Words that install packages. */
const COMMANDS: Readonly<Record<string, string>> = {
  apk: "apk add",
  apt: "apt install",
  dnf: "dnf install",
  "rpm-ostree": "rpm-ostree install",
  pacman: "pacman -S",
  xbps: "xbps-install",
  zypper: "zypper install",
};

/** A command line that installs them, without root's `sudo`. */
export function installCommand({ manager, packages }: Packages): string {
  return [COMMANDS[manager] ?? `${manager}:`, ...packages].join(" ");
}

/** One for each interpreter of which something is missing, in the candidates' order. */
export function remedies(
  config: Config,
  row: string,
  candidates: readonly Considered[],
  isHere: (manager: string) => boolean,
): Remedy[] {
  const lacking = candidates.filter(({ verdict }) =>
    verdict.kind === "missing" || verdict.kind === "no loader"
  );
  const ids = [...new Set(lacking.map(({ candidate }) => candidate.id))];
  return ids.flatMap((id) => {
    const interpreter = config.interpreters.get(id);
    if (interpreter === undefined) return [];
    const wrapped = lacking.some(({ candidate, verdict }) =>
      candidate.id === id && candidate.wrapper !== undefined && verdict.kind === "missing"
    );
    const named = [interpreter.packages, ...(wrapped ? [config.muvm.packages] : [])];
    const managers = [...new Set(named.flatMap((each) => Object.keys(each)))];
    const here = managers.filter(isHere);
    const install = (here.length > 0 ? here : managers).map((manager) =>
      packagesOf(named, manager, row)
    );
    const { name, hint } = interpreter;
    return [{ interpreter: id, name, install, hint }];
  });
}

/** A trailing `?` means: if there is one. What has words that nothing stands for is left out. */
function packagesOf(named: readonly Named[], manager: string, row: string): Packages {
  const machine = MACHINES.find(({ name }) => name === row);
  const words = {
    name: row,
    gnu: machine?.gnu,
    debian: machine?.debian,
    elf: machine !== undefined,
  };
  const all = new Set(
    named.flatMap((each) => each[manager] ?? [])
      .flatMap((template) => fillInRow(template, words) ?? []),
  );
  return {
    manager,
    packages: [...all].filter((name) => !name.endsWith("?")),
    optional: [...all].filter((name) => name.endsWith("?")).map((name) => name.slice(0, -1)),
  };
}
