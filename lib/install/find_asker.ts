import type { Environment } from "../environment.ts";
import type { Asker } from "./asker.ts";
import { findDialog } from "./dialogs/find_dialog.ts";
import { DisplayAsker } from "./display_asker.ts";
import { terminalAsker } from "./terminal_asker.ts";

/**
 * Finds a way to ask the user: on the terminal, else on a display. Root is not asked on a display,
 * because the display's owner controls the windows. `yes`: the user has already agreed.
 * Undefined: nobody can be asked.
 */
export function findAsker(
  environment: Environment,
  yes: boolean,
  interrupted: AbortSignal,
): Asker | undefined {
  const terminal = environment.isTerminal(0) && environment.isTerminal(2);
  const root = environment.uid() === 0;
  if (terminal || yes) return terminalAsker(root, interrupted);
  const dialog = root ? undefined : findDialog(environment);
  return dialog && new DisplayAsker(dialog, environment, interrupted);
}
