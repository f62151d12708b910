import type { Environment } from "../environment.ts";
import type { Failure, Result } from "../failure.ts";
import { output } from "../output.ts";
import { installAsRoot } from "./as_root.ts";
import { askTerminal } from "./ask_terminal.ts";
import { findDialog } from "./dialogs/find_dialog.ts";
import { DisplayAsker } from "./display_asker.ts";
import type { Offer } from "./offer.ts";

/** How a person is spoken to: on the terminal or by windows. */
export interface Asker {
  /** May it be installed? `title` is for a window. */
  ask(text: string, title: string): Promise<boolean>;
  /** Has it installed; a Failure says why that went wrong, as far as it is known. */
  install(offer: Offer): Promise<Result<void>>;
  /** It is there, or will be. */
  done(text: string): Promise<void>;
  /** It is not. On a terminal the failure is the program's last word anyway. */
  failed(failure: Failure): Promise<void>;
}

/**
 * Who can be asked here: whoever is at our terminal; else, on a display, whoever sees it. `yes`:
 * the person has said so already. Undefined: nobody.
 */
export function askerFor(
  environment: Environment,
  yes: boolean,
  interrupted: AbortSignal,
): Asker | undefined {
  const root = environment.uid() === 0;
  const terminal = environment.isTerminal(0) && environment.isTerminal(2);
  if (terminal || yes) return terminalAsker(root, interrupted);
  const dialog = findDialog(environment);
  return dialog && new DisplayAsker(dialog, environment, interrupted);
}

/** The package manager has the terminal, and its keys; what it says is seen. */
function terminalAsker(root: boolean, interrupted: AbortSignal): Asker {
  return {
    ask: (text) => askTerminal(text, interrupted),
    install: async (offer) => {
      const output = root ? "kept and shown" : "inherited";
      return (await installAsRoot(offer, root, { output, reads: true })).result;
    },
    done: async (text) => {
      await output(2, `binfmt-dispatcher: ${text}\n`);
    },
    failed: async () => {},
  };
}
