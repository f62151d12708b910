import type { CommandLine } from "../command_line.ts";
import type { DialogProgram } from "./dialog.ts";
import { dialogLine, dialogText } from "./dialog_text.ts";
import { escapeMarkup } from "./escape_markup.ts";
import { ANY_TEXT, SECONDS_OF_DONE } from "./dialog_settings.ts";

/**
 * GNOME's zenity 3 (GTK 3) or 4 (GTK 4): https://gitlab.gnome.org/GNOME/zenity
 *
 * Only options of both are used, since an unknown one ends it with 255, like a “no”. Without
 * --no-markup, texts are Pango markup with C's escapes (msg.c, progress.c). Values are passed as
 * --name=value, because they may begin with a dash.
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

  // zenity takes the end of its input for completion: with --auto-close it exits then, without it
  // keeps showing a full bar.
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

  // --notification shows nothing without a notification server, and reports that too late.
  done: ({ title, text }) =>
    run("--info", title, [
      "--no-markup",
      `--timeout=${SECONDS_OF_DONE}`,
      `--text=${dialogText(text)}`,
    ]),
};

/** Pixels, for --progress. zenity chooses good widths for --question, --info and --error. */
const WIDTH = 440;

function run(mode: string, title: string, args: readonly string[]): CommandLine {
  return {
    path: zenity.path,
    args: [mode, `--title=${dialogLine(title)}`, ...args],
    env: ANY_TEXT,
  };
}

/** Text in --text-info can be selected; in the labels of zenity 4 it cannot. */
function withDetails(title: string, text: string, details: string): CommandLine {
  const size = ["--width=560", "--height=360"]; // the default, 300 × 400, breaks too many lines
  return {
    ...run("--text-info", title, [...size, "--ok-label=Close"]),
    stdin: `${dialogText(text)}\n\n${dialogText(details)}`,
  };
}

/** In a label an underscore marks the access key; doubled it is literal. */
function label(word: string): string {
  return dialogLine(word).replaceAll("_", "__");
}
