import type { CommandLine } from "../command_line.ts";

export const TERMINAL = "/usr/bin/xdg-terminal-exec";

/**
 * The command in a new window of the person's terminal. Options (a title, staying open) are not
 * everybody's, and not even `--` is: early versions hand it on to the terminal. A command that is
 * an absolute path needs none, since all that follows the first word without a dash is the
 * command's. https://github.com/Vladimir-csp/xdg-terminal-exec
 *
 * How it ends says nothing of the command, and some terminals return at once.
 */
export function terminalCommand({ path, args }: CommandLine): CommandLine {
  if (!path.startsWith("/")) throw new Error(`“${path}” is no absolute path`);
  return { path: TERMINAL, args: [path, ...args] };
}
