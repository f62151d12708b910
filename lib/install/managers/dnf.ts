/**
 * dnf 4 and 5, which take the same command lines:
 * https://dnf.readthedocs.io/en/latest/command_ref.html,
 * https://dnf5.readthedocs.io/en/latest/commands/repoquery.8.html,
 * https://dnf5.readthedocs.io/en/latest/changes_from_dnf4.7.html
 *
 * No `--` stands before names: dnf 5 takes it in 5.4, but older ones call it an unknown argument
 * (libdnf5-cli/argument_parser.cpp), so packageArguments() alone keeps names from being options.
 */
import type { CommandLine } from "../command_line.ts";
import type { Manager, Sizes } from "./manager.ts";
import { isGroup, isPlainPath, packageArguments } from "./package_name.ts";

/** Begins each line of an answer: dnf 5 has progress among them, even with -q. */
const MARK = "found";

/**
 * dnf 4 waits for another one without an end if it is not told otherwise, also to be asked. dnf 5.4
 * does not wait to be asked, but to install, whatever it is told, and says for whom it waits.
 */
const NO_WAITING = "--setopt=exit_on_lock=True";

/**
 * First from what is stored, at once and however old: dnf 4 reads root's cache then
 * (dnf(8), --cacheonly), dnf 5 copies it into the user's, for which HOME has to be one that can be
 * written. With nothing stored both answer that there is nothing. Then with the network.
 */
function repoquery(program: string, format: string, what: readonly string[]): CommandLine[] {
  // dnf 5 ends no line by itself and knows \n; dnf 4 does both, so it has empty lines.
  const form = `--queryformat=${MARK} ${format}\\n`;
  const args = ["-q", NO_WAITING, "repoquery", "--latest-limit=1", form, ...what];
  return [{ path: program, args: ["-C", ...args] }, { path: program, args }];
}

/** A group is no package: without one, repoquery would list all there are. */
export function dnfQueries(program: string, packages: readonly string[]): readonly CommandLine[] {
  const asked = packages.filter((name) => !isGroup(name));
  if (asked.length === 0) return [];
  return repoquery(program, "%{name} %{downloadsize}", packageArguments(asked));
}

/** A package may be there for several architectures and from several repositories. */
export function parseDnfQuery(stdout: string, packages: readonly string[]): Sizes {
  const found = new Map<string, number>();
  for (const [, name, size] of stdout.matchAll(/^found (\S+) (\d{1,15})\s*$/gm)) {
    found.set(name!, Math.max(found.get(name!) ?? 0, Number(size)));
  }
  return new Map(packages.flatMap((name) => {
    if (isGroup(name)) return [[name, undefined] as const];
    return found.has(name) ? [[name, found.get(name)] as const] : [];
  }));
}

/** A glob would match other files, and dnf 5 splits the option's value at commas. */
export function dnfFileQueries(program: string, path: string): readonly CommandLine[] {
  return isPlainPath(path) ? repoquery(program, "%{name}", [`--file=${path}`]) : [];
}

export function parseDnfFileQuery(stdout: string): readonly string[] {
  return [...new Set([...stdout.matchAll(/^found (\S+)\s*$/gm)].map(([, name]) => name!))];
}

export const DNF: Manager = {
  name: "dnf",
  programs: ["/usr/bin/dnf5", "/usr/bin/dnf"],
  keys: ["dnf"],
  queries: dnfQueries,
  answers: [0],
  parseQuery: parseDnfQuery,
  fileQueries: dnfFileQueries,
  parseFileQuery: parseDnfFileQuery,
  install: (program, packages) => ({
    path: program,
    args: ["-y", NO_WAITING, "install", ...packageArguments(packages)],
  }),
  successes: [0],
  refresh: "dnf makecache --refresh",
  restart: false,
};
