/** What a dialog program shows, and how it answers. */
import type { CommandLine } from "../command_line.ts";

/** A question with two buttons. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** Label of the first button: “Install”. */
  readonly yes: string;
  /** Label of the second button. */
  readonly no: string;
}

/** An error message with one button. */
export interface Message {
  readonly title: string;
  readonly text: string;
  /** Lines of a program's output, which can be selected; at most the last 2000 characters. */
  readonly details?: string;
}

/** A task in progress. */
export interface Progress {
  readonly title: string;
  readonly text: string;
  /** Can the user cancel it? */
  readonly cancel: boolean;
}

/**
 * Texts are shown literally, line by line, with control characters escaped. Titles and labels are
 * one line each; untrusted words belong in texts.
 */
export interface DialogProgram {
  /** Absolute path of the program. */
  readonly path: string;
  /** Exits with 0 for the first button, else with another status. */
  question(question: Question): CommandLine;
  /** The exit status has no meaning. */
  message(message: Message): CommandLine;
  /**
   * Runs until it gets SIGTERM. With `cancel` it can also exit by itself: with 0 if the user closed
   * the window, with another status if they cancelled. Without `cancel` the status has no meaning.
   */
  progress(progress: Progress): CommandLine;
  /**
   * Shows for some seconds that the task is done. Do not wait for the exit: kdialog 25 exits at
   * once if a notification server runs, as on KDE; without one it shows nothing and must be killed.
   */
  done(done: { readonly title: string; readonly text: string }): CommandLine;
}
