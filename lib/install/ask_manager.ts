import type { Environment } from "../environment.ts";
import type { Ask } from "./find_packages.ts";
import { managerEnvironment } from "./managers/manager_environment.ts";
import { runCommand } from "./run_command.ts";

/** Asks a package manager, as the current user. */
export function askManager(environment: Environment): Ask {
  const home = environment.uid() === 0 ? undefined : environment.variable("HOME");
  const options = { env: managerEnvironment(home), output: "kept" } as const;
  return async (command, answers) => {
    const ran = await runCommand(command, options, `ask ${command.path}`);
    if (!ran.ok) return undefined;
    return answers.includes(ran.value.status) ? ran.value.stdout : "";
  };
}
