/**
 * dnf 4 and 5, with the same command lines:
 * https://dnf.readthedocs.io/en/latest/command_ref.html,
 * https://dnf5.readthedocs.io/en/latest/commands/repoquery.8.html,
 * https://dnf5.readthedocs.io/en/latest/changes_from_dnf4.7.html
 *
 * Names have no `--` before them: dnf 5 before 5.4 rejects it (libdnf5-cli/argument_parser.cpp). So
 * packageArguments() alone ensures that names are not options.
 */
import type { CommandLine } from "../command_line.ts";
import type { Manager, Sizes } from "./manager.ts";
import { isGroup, isPlainPath, packageArguments } from "./package_name.ts";

/** Begins each line of an answer: dnf 5 prints progress in between, even with -q. */
const MARK = "found";

/**
 * Without this, dnf 4 waits forever for another instance, even for a query. dnf 5.4 waits before an
 * installation in any case, and prints what it waits for.
 */
const NO_WAITING = "--setopt=exit_on_lock=True";

/**
 * First a query of the cache, however old, which is fast: dnf 4 reads root's (dnf(8), --cacheonly),
 * dnf 5 copies it into the user's, so HOME must be writable. An empty cache gives an empty answer.
 * Then a query with the network.
 */
function repoquery(program: string, format: string, what: readonly string[]): CommandLine[] {
  // dnf 5 needs the \n; dnf 4 ends lines by itself, so it prints empty lines, too.
  const form = `--queryformat=${MARK} ${format}\\n`;
  const args = ["-q", NO_WAITING, "repoquery", "--latest-limit=1", form, ...what];
  return [{ path: program, args: ["-C", ...args] }, { path: program, args }];
}

/** Groups are left out; without any name, repoquery would list all packages. */
export function dnfQueries(program: string, packages: readonly string[]): readonly CommandLine[] {
  const asked = packages.filter((name) => !isGroup(name));
  if (asked.length === 0) return [];
  return repoquery(program, "%{name} %{downloadsize}", packageArguments(asked));
}

/** A package may exist for several architectures and in several repositories. */
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
