import type { Config } from "../config/config.ts";
import type { Environment } from "../environment.ts";
import type { Target } from "../routes/targets.ts";
import { findManager } from "./managers/find_manager.ts";
import type { ManagerName } from "./managers/manager.ts";
import { namedPackages } from "./named_packages.ts";

/** The command that people type to install packages. */
const COMMANDS = {
  apt: "apt install",
  dnf: "dnf install",
  "rpm-ostree": "rpm-ostree install",
  pacman: "pacman -S",
  zypper: "zypper install",
} satisfies Record<ManagerName, string>;

/** The command line to install these packages, for people; without sudo. */
export function installCommand(manager: string, packages: readonly string[]): string {
  const commands: Readonly<Record<string, string>> = COMMANDS;
  return [commands[manager] ?? `${manager}:`, ...packages].join(" ");
}

/**
 * Returns a function from interpreter, target and whether muvm is needed, to the command that
 * installs them by the system configuration. The package manager is not asked whether the packages
 * exist.
 */
export function installWords(system: Config, environment: Environment) {
  const manager = findManager(environment)?.manager;
  if (manager === undefined) return () => undefined;
  return (id: string, target: Target, throughMuvm: boolean): string | undefined => {
    const { packages } = namedPackages(system, id, target, manager.keys, throughMuvm);
    return packages.length === 0 ? undefined : installCommand(manager.name, packages);
  };
}
