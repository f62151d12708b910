import type { Environment } from "../../environment.ts";
import { isExecutable } from "../../is_executable.ts";
import type { Manager, ManagerName } from "./manager.ts";
import { MANAGERS } from "./managers.ts";
import { distributions } from "./os_release.ts";

/** A package manager of this host, and the path of its program. */
export interface FoundManager {
  readonly manager: Manager;
  readonly program: string;
}

/** By the words of ID and ID_LIKE in os-release. */
const DISTRIBUTIONS: ReadonlyMap<string, ManagerName> = new Map([
  ...["debian", "ubuntu"].map((id) => [id, "apt"] as const),
  ...["fedora", "rhel", "centos", "mageia", "openmandriva"].map((id) => [id, "dnf"] as const),
  ...["arch", "archarm"].map((id) => [id, "pacman"] as const),
  ...["suse", "opensuse", "sles"].map((id) => [id, "zypper"] as const),
]);

/** The order if os-release does not decide. */
const ORDER: readonly ManagerName[] = ["apt", "dnf", "pacman", "zypper"];

/**
 * The package manager of this host. The distribution decides first: dnf can be installed on Debian,
 * and apt-get on Fedora.
 */
export function findManager(environment: Environment): FoundManager | undefined {
  // On an image-based host dnf may exist, but cannot install.
  const ostree = environment.stat("/run/ostree-booted") !== "absent";
  const own = distributions(environment).flatMap((id) => DISTRIBUTIONS.get(id) ?? []);
  for (const name of [...(ostree ? ["rpm-ostree" as const] : []), ...own, ...ORDER]) {
    const manager = MANAGERS[name];
    const program = manager.programs.find((path) => isExecutable(path, environment));
    if (program !== undefined) return { manager, program };
  }
  return undefined;
}
