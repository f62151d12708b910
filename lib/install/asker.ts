import type { Failure, Result } from "../failure.ts";
import type { Offer } from "./offer.ts";

/** Talks with the user, on the terminal or in windows. */
export interface Asker {
  /** Asks a yes-no question; `title` is a window's title, `yes` a button's label: “Install”. */
  ask(question: { text: string; title: string; yes: string }): Promise<boolean>;
  /** Installs; a Failure gives the reason as far as it is known. */
  install(offer: Offer): Promise<Result<void>>;
  /** Reports success. */
  done(text: string): Promise<void>;
  /** Reports a failure; on a terminal, the program does that when it exits. */
  failed(failure: Failure): Promise<void>;
}
