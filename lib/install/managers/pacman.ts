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
  // 1: some of them do not exist; the others are printed nevertheless.
  answers: [0, 1],
  parseQuery,
  // Works only if root has run `pacman -Fy` before.
  fileQueries: (program, path) =>
    isPlainPath(path) ? [{ path: program, args: ["-Fq", "--", path] }] : [],
  parseFileQuery,
  // Fails if a package conflicts: with --noconfirm, pacman does not remove it.
  install: (program, packages) => ({
    path: program,
    args: ["-S", "--noconfirm", "--needed", "--noprogressbar", "--", ...packageArguments(packages)],
  }),
  successes: [0],
  // Updating only the lists would be a partial upgrade, which Arch does not support.
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
    // pacman installs from the first repository that has it.
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
