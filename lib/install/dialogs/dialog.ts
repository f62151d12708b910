/** What a dialog program shows, and how it answers. */
import type { CommandLine } from "../command_line.ts";

/** Two buttons. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** The first button's word: “Install”. */
  readonly yes: string;
  /** The other's. */
  readonly no: string;
}

/** Something that went wrong, to read and close. */
export interface Message {
  readonly title: string;
  readonly text: string;
  /** Some lines of a program's output that can be selected and copied; the last 2000 characters. */
  readonly details?: string;
}

/** Something that goes on. */
export interface Progress {
  readonly title: string;
  readonly text: string;
  /** Can it be stopped? */
  readonly cancel: boolean;
}

/**
 * Texts are plain: whatever stands in them is shown as it is, line by line, and what a terminal
 * would obey as `\u001b`. Titles and buttons are our own words, of one line; the parts that come
 * from elsewhere are for texts.
 */
export interface DialogProgram {
  /** /usr/bin/zenity, /usr/bin/kdialog. */
  readonly path: string;
  /** Ends with 0 for the first button; anything else means no: the other one, Escape, closing. */
  question(question: Question): CommandLine;
  /** Its exit status means nothing. */
  message(message: Message): CommandLine;
  /**
   * Stays until its starter ends it (SIGTERM). With `cancel` it can end by itself: with 0 if the
   * person only closes the window, with anything else if they cancel what is going on. Without
   * `cancel` its exit status means nothing.
   */
  progress(progress: Progress): CommandLine;
  /**
   * Says that it is done and goes away by itself after some seconds. Its end says nothing, and
   * nothing should wait for it: kdialog 25 returns at once where a server of notifications runs,
   * as on each desktop of KDE's; where none does, it shows nothing and has to be ended.
   */
  done(done: { readonly title: string; readonly text: string }): CommandLine;
}
