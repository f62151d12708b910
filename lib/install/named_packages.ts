import type { Config } from "../config/config.ts";
import type { Target } from "../routes/targets.ts";
import { type CLibrary, namesWith } from "../elf/c_library.ts";
import { fillIn } from "../routes/template.ts";

export interface NamedPackages {
  readonly packages: readonly string[];
  /** Those with a trailing ?: installed if the distribution has them. */
  readonly optional: readonly string[];
}

/**
 * The packages that the configuration names for an interpreter and a target, by the first of these
 * keys that `packages` has; with those of muvm if the interpreter runs in it. {gnu} and {debian}
 * depend on the program's C library. A name is left out if a placeholder has no value, such as
 * {debian} for a machine that Debian does not have.
 */
export function namedPackages(
  config: Config,
  interpreter: string,
  target: Target | undefined,
  keys: readonly string[],
  throughMuvm: boolean,
  library: CLibrary = "glibc",
): NamedPackages {
  if (target === undefined) return { packages: [], optional: [] };
  const names = namesWith(target, library);
  const tables = [
    config.interpreters.get(interpreter)?.packages ?? {},
    ...(throughMuvm ? [config.muvm.packages] : []),
  ];
  const all = new Set(
    tables.flatMap((table) => table[keys.find((key) => Object.hasOwn(table, key)) ?? ""] ?? [])
      .flatMap((text) => fillIn(text, names) ?? []),
  );
  return {
    packages: [...all].filter((name) => !name.endsWith("?")),
    optional: [...all].filter((name) => name.endsWith("?")).map((name) => name.slice(0, -1)),
  };
}
