/** How to query a package manager and install with it. */
import type { CommandLine } from "../command_line.ts";

/** As shown to people: “with dnf”. */
export type ManagerName = "apt" | "dnf" | "pacman" | "zypper" | "rpm-ostree";

/**
 * Package → bytes to download for it, without dependencies; undefined if unknown. A package that
 * does not exist has no entry.
 */
export type Sizes = ReadonlyMap<string, number | undefined>;

/**
 * All command lines run with managerEnvironment() and without standard input. Package names must
 * satisfy isPackageName(); any other name throws.
 */
export interface Manager {
  readonly name: ManagerName;
  /** Absolute paths of the program; the first that exists is used. */
  readonly programs: readonly string[];
  /** Keys of `packages` in the configuration, best first. */
  readonly keys: readonly string[];
  /**
   * Ask which of these packages exist, without root. Each command line costs more than the one
   * before it, and is used if that one did not find all packages. If there is none, all packages
   * count as existing.
   */
  readonly queries: (program: string, packages: readonly string[]) => readonly CommandLine[];
  /** Exit statuses of a successful query, even if it found nothing. */
  readonly answers: readonly number[];
  /** Parses a query's output. What queries cannot find, such as groups, counts as existing. */
  readonly parseQuery: (stdout: string, packages: readonly string[]) => Sizes;
  /** Ask which packages contain a file at this path, in the same way. */
  readonly fileQueries: (program: string, path: string) => readonly CommandLine[];
  /** Package names, each once. */
  readonly parseFileQuery: (stdout: string) => readonly string[];
  /**
   * Installs packages as root, without questions and without removing any. It fails at once if
   * another manager is running, but dnf 5.4 waits. An installed package is not an error.
   */
  readonly install: (program: string, packages: readonly string[]) => CommandLine;
  /** Exit statuses of a successful installation. */
  readonly successes: readonly number[];
  /** The command by which root updates the package lists. */
  readonly refresh: string;
  /** Installed packages are available only after a restart of the computer. */
  readonly restart: boolean;
}
