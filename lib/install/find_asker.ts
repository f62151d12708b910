import type { Environment } from "../environment.ts";
import type { Asker } from "./asker.ts";
import { findDialog } from "./dialogs/find_dialog.ts";
import { DisplayAsker } from "./display_asker.ts";
import { terminalAsker } from "./terminal_asker.ts";

/**
 * Who can be asked here: whoever is at our terminal; else, on a display, whoever sees it, but for
 * root: windows obey their display's owner. `yes`: the person has said so already. Undefined:
 * nobody.
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
