/** What has to be known of a distribution's package manager to ask it and to have it install. */
import type { CommandLine } from "../command_line.ts";

/** As it is said to people: "with dnf". */
export type ManagerName = "apt" | "dnf" | "pacman" | "zypper" | "rpm-ostree";

/**
 * Package → bytes to download for it alone, without its dependencies; undefined if the manager does
 * not say. A package that does not exist has no entry.
 */
export type Sizes = ReadonlyMap<string, number | undefined>;

/**
 * Every command line is run with managerEnvironment() and no standard input. Package names must
 * satisfy isPackageName(); any other name is a bug and throws.
 */
export interface Manager {
  readonly name: ManagerName;
  /** Absolute paths: the first that exists is its program. */
  readonly programs: readonly string[];
  /** Keys of `packages` in the configuration, best first. */
  readonly keys: readonly string[];
  /**
   * Asks which of these packages there are, needs no root. Several command lines answer the same
   * question at rising cost: a later one is for what the earlier ones did not find or could not
   * answer. None: the manager cannot tell, and then all of them count as there.
   */
  readonly queries: (program: string, packages: readonly string[]) => readonly CommandLine[];
  /** Exit statuses of a query that answered, even if it found nothing. */
  readonly answers: readonly number[];
  /** Reads a query's standard output. What no query knows, such as a group, counts as existing. */
  readonly parseQuery: (stdout: string, packages: readonly string[]) => Sizes;
  /** Asks which packages have a file at this path, as queries() does. */
  readonly fileQueries: (program: string, path: string) => readonly CommandLine[];
  /** Package names, each once. */
  readonly parseFileQuery: (stdout: string) => readonly string[];
  /**
   * Installs them without a question, as root; never removes a package. Where another one is at
   * work it fails at once, but dnf 5.4 waits. That a package is installed already is no error.
   */
  readonly install: (program: string, packages: readonly string[]) => CommandLine;
  /** Exit statuses of an installation that succeeded. */
  readonly successes: readonly number[];
  /** Words that root types to have the lists of packages anew. */
  readonly refresh: string;
  /** What is installed counts only after a restart of the computer. */
  readonly restart: boolean;
}
