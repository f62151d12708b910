/** zypper: https://manpages.opensuse.org/Tumbleweed/zypper/zypper.8.en.html */
import type { Manager, Sizes } from "./manager.ts";
import { packageArguments } from "./package_name.ts";

export const ZYPPER: Manager = {
  name: "zypper",
  programs: ["/usr/bin/zypper"],
  keys: ["zypper"],
  queries: (program, packages) => [{
    path: program,
    args: [
      ...["--non-interactive", "--no-refresh", "--xmlout", "search"],
      ...["--match-exact", "--type", "package", "--", ...packageArguments(packages)],
    ],
  }],
  // 104: none of the packages exists.
  answers: [0, 104],
  parseQuery,
  // Its lists contain only the files of a few directories.
  fileQueries: () => [],
  parseFileQuery: () => [],
  install: (program, packages) => ({
    path: program,
    args: [
      ...["--non-interactive", "install", "--no-confirm", "--no-force-resolution"],
      // By name only: a capability could belong to another package.
      ...["--name", "--", ...packageArguments(packages)],
    ],
  }),
  // 102: reboot suggested; 103: zypper itself was updated; 106: a repository was skipped;
  // 107: installed, but a package's script failed. The files are checked afterwards.
  successes: [0, 102, 103, 106, 107],
  refresh: "zypper refresh",
  restart: false,
};

/** `<solvable … name="…" …/>`. The search ignores case, and gives no size. */
function parseQuery(stdout: string, packages: readonly string[]): Sizes {
  const found = new Set(
    [...stdout.matchAll(/<solvable\b[^<>]*? name="([^"]*)"/g)].map(([, name]) => name!),
  );
  return new Map(packages.filter((name) => found.has(name)).map((name) => [name, undefined]));
}
