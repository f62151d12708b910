import { isPackageName } from "../is_package_name.ts";
import type { CommandLine } from "./command_line.ts";
import type { FoundManager } from "./managers/find_manager.ts";
import type { Lacking } from "./lacking.ts";
import type { NamedPackages } from "./named_packages.ts";

export interface Package {
  readonly name: string;
  /** Bytes to download, if known. */
  readonly size: number | undefined;
}

/**
 * Returns a command's standard output: "" if its exit status is not among `answers`, undefined if
 * it is not installed.
 */
export type Ask = (
  command: CommandLine,
  answers: readonly number[],
) => Promise<string | undefined>;

/**
 * The packages that provide what is missing: those that the configuration names, else those that
 * contain the missing files. Undefined if the distribution does not have all of them, or if they do
 * not provide it.
 */
export async function findPackages(
  lacking: Lacking,
  named: NamedPackages,
  found: FoundManager,
  ask: Ask,
): Promise<readonly Package[] | undefined> {
  const wanted = named.packages.length + named.optional.length > 0
    ? named
    : await byFile(lacking, found, ask);
  if (wanted === undefined) return undefined;
  if (!wanted.packages.every(isPackageName)) return undefined;
  const all = [...wanted.packages, ...wanted.optional.filter(isPackageName)];
  const known = all.length === 0 ? new Map() : await knownPackages(all, found, ask);
  if (known !== undefined && !wanted.packages.every((name) => known.has(name))) return undefined;
  const optional = wanted.optional.filter((name) => known?.has(name) ?? false);
  // A package for all machines is already installed; the C library is specific to the machine.
  if (lacking.loader && optional.length === 0) return undefined;
  const packages = [...wanted.packages, ...optional];
  return packages.length === 0
    ? undefined
    : packages.map((name) => ({ name, size: known?.get(name) }));
}

/** Package → size; undefined if the manager cannot be asked: all count as existing. */
async function knownPackages(
  names: readonly string[],
  { manager, program }: FoundManager,
  ask: Ask,
): Promise<ReadonlyMap<string, number | undefined> | undefined> {
  const known = new Map<string, number | undefined>();
  let asked = false;
  for (const query of manager.queries(program, names)) {
    const answer = await ask(query, manager.answers);
    if (answer === undefined) continue;
    asked = true;
    for (const [name, size] of manager.parseQuery(answer, names)) known.set(name, size);
    if (names.every((name) => known.has(name))) break;
  }
  return asked ? known : undefined;
}

/** For each group of files, the package that contains one of them. */
async function byFile(
  { groups }: Lacking,
  { manager, program }: FoundManager,
  ask: Ask,
): Promise<NamedPackages | undefined> {
  const packages = new Set<string>();
  for (const group of groups) {
    const name = await firstOf(group);
    if (name === undefined) return undefined;
    packages.add(name);
  }
  return { packages: [...packages], optional: [] };

  async function firstOf(paths: readonly string[]): Promise<string | undefined> {
    // Packages do not contain files below home directories.
    const system = paths.filter((path) => /^\/(?:bin|etc|lib|opt|usr)\//.test(path));
    for (const query of system.flatMap((path) => manager.fileQueries(program, path))) {
      const answer = await ask(query, manager.answers);
      const [name] = manager.parseFileQuery(answer ?? "");
      if (name !== undefined) return name;
    }
    return undefined;
  }
}
