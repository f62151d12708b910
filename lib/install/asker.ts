import type { Failure, Result } from "../failure.ts";
import type { Offer } from "./offer.ts";

/** How a person is spoken to: on the terminal or by windows. */
export interface Asker {
  /** Yes or no; `title` is for a window, `yes` the word for it: “Install”. */
  ask(question: { text: string; title: string; yes: string }): Promise<boolean>;
  /** Has it installed; a Failure says why that went wrong, as far as it is known. */
  install(offer: Offer): Promise<Result<void>>;
  /** It is there, or will be. */
  done(text: string): Promise<void>;
  /** It is not. On a terminal the failure is the program's last word anyway. */
  failed(failure: Failure): Promise<void>;
}
