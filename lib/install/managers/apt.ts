/**
 * apt: https://manpages.debian.org/bookworm/apt/apt-get.8.en.html,
 * https://manpages.debian.org/bookworm/apt/apt-cache.8.en.html
 */
import type { Manager, Sizes } from "./manager.ts";
import { packageArguments } from "./package_name.ts";

export const APT: Manager = {
  name: "apt",
  programs: ["/usr/bin/apt-get"],
  keys: ["apt"],
  // `show` has no record for a package without a candidate, nor for a purely virtual one.
  queries: (_program, packages) => [{
    path: "/usr/bin/apt-cache",
    args: ["show", "--no-all-versions", "--", ...packageArguments(packages)],
  }],
  // 100: none of the packages exists.
  answers: [0, 100],
  parseQuery,
  // apt's own lists contain no files; apt-file's do, but few systems have it.
  fileQueries: () => [],
  parseFileQuery: () => [],
  install: (program, packages) => ({
    path: program,
    args: [
      "install",
      "-q",
      "-y",
      "--no-remove",
      // Debian's qemu-user recommends qemu-user-binfmt, which registers qemu for every machine.
      "--no-install-recommends",
      // Otherwise an unknown name with a dot is a regular expression: qemu.x installs qemu-x.
      "-o",
      "APT::Cmd::Pattern-Only=true",
      // A question about a changed configuration file would end dpkg: keep the admin's version.
      "-o",
      "Dpkg::Options::=--force-confdef",
      "-o",
      "Dpkg::Options::=--force-confold",
      "--",
      ...packageArguments(packages),
    ],
  }),
  successes: [0],
  refresh: "apt-get update",
  restart: false,
};

interface Record {
  readonly name: string | undefined;
  readonly architecture: string | undefined;
  readonly size: number | undefined;
}

/**
 * Paragraphs of `Field: value` (deb-control(5)). apt takes an unknown name with a dot for a regular
 * expression, so other packages can appear. An installed package without an archive has no Size.
 */
function parseQuery(stdout: string, packages: readonly string[]): Sizes {
  const records = stdout.split(/\n\s*\n/).map(parseRecord);
  return new Map(packages.flatMap((asked) => {
    const [name, architecture] = asked.split(":", 2);
    const record = records.find((each) =>
      each.name === name && (architecture === undefined || each.architecture === architecture)
    );
    return record === undefined ? [] : [[asked, record.size] as const];
  }));
}

function parseRecord(paragraph: string): Record {
  const field = (name: string) => new RegExp(`^${name}: *(\\S+)`, "m").exec(paragraph)?.[1];
  const size = field("Size");
  return {
    name: field("Package"),
    architecture: field("Architecture"),
    size: size !== undefined && /^\d{1,15}$/.test(size) ? Number(size) : undefined,
  };
}
