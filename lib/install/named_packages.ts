import type { Config } from "../config/config.ts";
import type { Target } from "../routes/targets.ts";
import { type CLibrary, namesWith } from "../elf/c_library.ts";
import { fillIn } from "../routes/template.ts";

export interface NamedPackages {
  readonly packages: readonly string[];
  /** Further ones, if the distribution has them: a trailing ? says so. */
  readonly optional: readonly string[];
}

/**
 * The packages that the configuration names for an interpreter and a target's programs, under the
 * first of these keys of `packages` that has any; with muvm's if it goes through muvm. {gnu} and
 * {debian} depend on the C library that the program needs. A name with a placeholder that has no
 * value ({debian} for a machine that Debian does not have) is left out.
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
