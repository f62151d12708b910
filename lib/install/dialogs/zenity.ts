import type { CommandLine } from "../command_line.ts";
import type { DialogProgram } from "./dialog.ts";
import { dialogLine, dialogText } from "./dialog_text.ts";
import { escapeMarkup } from "./escape_markup.ts";
import { ANY_TEXT, SECONDS_OF_DONE } from "./dialog_settings.ts";

/**
 * zenity, GNOME's, with GTK 3 (zenity 3) or GTK 4 (zenity 4): only options that both have, since an
 * unknown one ends it with 255, as a “no”. https://gitlab.gnome.org/GNOME/zenity
 *
 * Its texts: with --no-markup as they are, else Pango's markup, in which backslashes are C's (both
 * in msg.c and progress.c). Values are given as --name=value, so that a dash is no option.
 */
export const zenity: DialogProgram = {
  path: "/usr/bin/zenity",

  question: ({ title, text, yes, no }) =>
    run("--question", title, [
      "--no-markup",
      `--text=${dialogText(text)}`,
      `--ok-label=${label(yes)}`,
      `--cancel-label=${label(no)}`,
    ]),

  message({ title, text, details }) {
    if (details !== undefined) return withDetails(title, text, details);
    return run("--error", title, ["--no-markup", `--text=${dialogText(text)}`]);
  },

  // At the end of its input it believes that all is done: with --auto-close it ends then, without
  // it stands there with a full bar.
  progress: ({ title, text, cancel }) => ({
    ...run("--progress", title, [
      "--pulsate",
      "--auto-close",
      `--width=${WIDTH}`,
      ...(cancel ? [] : ["--no-cancel"]),
      `--text=${escapeMarkup(dialogText(text)).replaceAll("\\", "\\\\")}`,
    ]),
    stdinHeld: true,
  }),

  // --notification would be less in the way, but shows nothing where no server of notifications
  // runs, and tells it by its exit status, when it is too late.
  done: ({ title, text }) =>
    run("--info", title, [
      "--no-markup",
      `--timeout=${SECONDS_OF_DONE}`,
      `--text=${dialogText(text)}`,
    ]),
};

/**
 * Pixels, at which a long text of --progress is broken and the window of a short one is no stump.
 * --question, --info and --error do well by themselves; zenity 3's would become as wide as the
 * screen.
 */
const WIDTH = 440;

function run(mode: string, title: string, args: readonly string[]): CommandLine {
  return {
    path: zenity.path,
    args: [mode, `--title=${dialogLine(title)}`, ...args],
    env: ANY_TEXT,
  };
}

/**
 * zenity 4's labels cannot be selected. The view of --text-info can, in 3 and 4; it has Ctrl+A,
 * Ctrl+C and a menu with Copy. It has no place for another text, and a second button besides.
 */
function withDetails(title: string, text: string, details: string): CommandLine {
  const size = ["--width=560", "--height=360"]; // of 300 by 400, lines break too often
  return {
    ...run("--text-info", title, [...size, "--ok-label=Close"]),
    stdin: `${dialogText(text)}\n\n${dialogText(details)}`,
  };
}

/** In a button's word the letter after an underscore is its key. */
function label(word: string): string {
  return dialogLine(word).replaceAll("_", "__");
}
