import { ROOT } from "./start.ts";

/**
 * An npm package in deno.lock; its dependencies are names, with a version where there are several.
 */
interface Locked {
  readonly dependencies?: readonly string[];
}

interface Lock {
  /** "npm:valibot@1.5.0" as it is asked for → the version that is taken. */
  readonly specifiers: Record<string, string>;
  /** By name and version. */
  readonly npm: Record<string, Locked>;
  readonly [other: string]: unknown;
}

/** The npm packages, as deno.lock names them, that a module and all it imports come from. */
async function importedPackages(main: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", `${ROOT}/deno.json`, main],
    stderr: "inherit",
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { npmPackage?: string }[];
  };
  return modules.flatMap(({ npmPackage }) => npmPackage ?? []);
}

/** The same lock with these packages alone, and what they depend on. */
export function prune(lock: Lock, packages: readonly string[]): Lock {
  const kept = new Set<string>();
  const keep = (id: string) => {
    if (kept.has(id)) return;
    kept.add(id);
    for (const dependency of lock.npm[id]?.dependencies ?? []) {
      const fits = (other: string) => other === dependency || other.startsWith(`${dependency}@`);
      Object.keys(lock.npm).filter(fits).forEach(keep);
    }
  };
  packages.forEach(keep);
  const isKept = ([specifier, version]: [string, string]) => {
    const name = specifier.match(/^npm:(.+)@[^@]*$/)?.[1];
    return name === undefined || kept.has(`${name}@${version}`);
  };
  return {
    ...lock,
    specifiers: Object.fromEntries(Object.entries(lock.specifiers).filter(isKept)),
    npm: Object.fromEntries(Object.entries(lock.npm).filter(([id]) => kept.has(id))),
  };
}

/**
 * Writes a copy of deno.lock with only what a module needs, and gives its path: `deno compile`
 * embeds every npm package that its lock file names, also those that only tests use.
 */
export async function writeProgramLock(main: string): Promise<string> {
  const lock: Lock = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.lock`));
  const pruned = prune(lock, await importedPackages(main));
  await Deno.mkdir(`${ROOT}/.cache`, { recursive: true });
  const path = await Deno.makeTempFile({ dir: `${ROOT}/.cache`, suffix: ".lock" });
  await Deno.writeTextFile(path, JSON.stringify(pruned, null, 2));
  return path;
}
