import { failed, type Result, success } from "../failure.ts";
import type { FoundManager } from "./managers/find_manager.ts";
import type { Package } from "./find_packages.ts";
import { managerEnvironment } from "./managers/manager_environment.ts";
import { runCommand, type RunOptions } from "./run_command.ts";
import { trouble } from "./managers/trouble.ts";

/** Files are readable by all and writable by root only; pkexec keeps its caller's umask. */
const UMASK = 0o022;

export interface Installed {
  readonly result: Result<void>;
  /** The output, if it was kept. */
  readonly printed: string;
}

/** Runs the package manager; needs root. */
export async function installPackages(
  packages: readonly Package[],
  { manager, program }: FoundManager,
  output: RunOptions["output"],
): Promise<Installed> {
  const names = packages.map(({ name }) => name);
  const what = `install ${names.join(", ")}`;
  const command = manager.install(program, names);
  Deno.umask(UMASK);
  const ran = await runCommand(command, { env: managerEnvironment(), output }, what);
  if (!ran.ok) return { result: ran, printed: "" };
  const { status, printed } = ran.value;
  if (manager.successes.includes(status)) return { result: success(undefined), printed };
  const { why, hint } = trouble(manager.name, printed, status);
  return { result: failed({ code: "not-installed", what, why, hint }), printed };
}
