import type { CommandLine } from "../command_line.ts";

export const TERMINAL = "/usr/bin/xdg-terminal-exec";

/**
 * Runs the command in a new window of the user's terminal. No option is passed, not even `--`:
 * early versions pass it on to the terminal. The first word without a dash begins the command.
 * https://github.com/Vladimir-csp/xdg-terminal-exec
 *
 * The exit status has no meaning, and some terminals return at once.
 */
export function terminalCommand({ path, args }: CommandLine): CommandLine {
  if (!path.startsWith("/")) throw new Error(`“${path}” is not an absolute path`);
  return { path: TERMINAL, args: [path, ...args] };
}
