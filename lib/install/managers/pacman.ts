/** pacman: https://man.archlinux.org/man/pacman.8 */
import type { Manager, Sizes } from "./manager.ts";
import { isPlainPath, packageArguments } from "./package_name.ts";

export const PACMAN: Manager = {
  name: "pacman",
  programs: ["/usr/bin/pacman"],
  keys: ["pacman"],
  queries: (program, packages) => [{
    path: program,
    args: ["-Si", "--", ...packageArguments(packages)],
  }],
  // 1: some of them are not there; the others are told all the same.
  answers: [0, 1],
  parseQuery,
  // Answers where root has ever run `pacman -Fy`.
  fileQueries: (program, path) =>
    isPlainPath(path) ? [{ path: program, args: ["-Fq", "--", path] }] : [],
  parseFileQuery,
  // A conflicting package makes it fail: --noconfirm refuses to remove that package.
  install: (program, packages) => ({
    path: program,
    args: ["-S", "--noconfirm", "--needed", "--noprogressbar", "--", ...packageArguments(packages)],
  }),
  successes: [0],
  // Fresh lists without an upgrade would be a partial upgrade, which Arch does not support.
  refresh: "pacman -Syu",
  restart: false,
};

const UNITS: Readonly<{ [unit: string]: number }> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** Paragraphs of `Key   : value`; the size is rounded to a hundredth of its unit. */
function parseQuery(stdout: string, packages: readonly string[]): Sizes {
  const found = new Map<string, number | undefined>();
  for (const paragraph of stdout.split(/\n\s*\n/)) {
    const name = /^Name *: (\S+)$/m.exec(paragraph)?.[1];
    const size = /^Download Size *: (\d{1,9}(?:\.\d{1,3})?) (\w+)$/m.exec(paragraph);
    const unit = UNITS[size?.[2] ?? ""];
    const bytes = unit === undefined ? undefined : Math.round(Number(size?.[1]) * unit);
    // It comes from the first repository that has it.
    if (name !== undefined && !found.has(name)) found.set(name, bytes);
  }
  return new Map(
    packages.flatMap((name) => found.has(name) ? [[name, found.get(name)] as const] : []),
  );
}

/** Lines of `repository/package`. */
function parseFileQuery(stdout: string): readonly string[] {
  return [...new Set([...stdout.matchAll(/^[^\s/]+\/(\S+)$/gm)].map(([, name]) => name!))];
}
