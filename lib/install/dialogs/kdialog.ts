import type { CommandLine } from "../command_line.ts";
import type { DialogProgram } from "./dialog.ts";
import { ANY_TEXT, SECONDS_OF_DONE } from "./dialog_settings.ts";
import { dialogLine, dialogText } from "./dialog_text.ts";
import { escapeMarkup } from "./escape_markup.ts";

/**
 * KDE's kdialog, with Qt 5 or Qt 6: https://invent.kde.org/utilities/kdialog
 *
 * In texts, `\n` and `\\` are escapes (Widgets::parseString), and Qt guesses whether a text is rich
 * (Qt::mightBeRichText), so all texts are rich. Values are passed as --name=value, because they may
 * begin with a dash.
 */
export const kdialog: DialogProgram = {
  path: "/usr/bin/kdialog",

  question: ({ title, text, yes, no }) =>
    run(title, [`--yes-label=${label(yes)}`, `--no-label=${label(no)}`, `--yesno=${box(text)}`]),

  // Text in --error can be selected; --detailederror would hide the details behind a button.
  message: ({ title, text, details }) => run(title, [`--error=${box(text, details)}`]),

  // --progressbar forks and is then controlled over D-Bus only, so the caller could not end it.
  // Only windows with two buttons report which was pressed: Hide closes the window, and closing it
  // otherwise means Cancel.
  progress: ({ title, text, cancel }) =>
    cancel
      ? run(title, [
        "--continue-label=Hide",
        "--cancel-label=Cancel",
        `--warningcontinuecancel=${box(text)}`,
      ])
      : run(title, ["--ok-label=Hide", `--msgbox=${box(text)}`]),

  // A notification; without a notification server a small window with Qt 5, nothing with Qt 6.
  done: ({ title, text }) =>
    run(title, [`--passivepopup=${bubble(text)}`, String(SECONDS_OF_DONE)]),
};

function run(title: string, args: readonly string[]): CommandLine {
  // Qt replaces “[*]” by its mark for changed documents; doubled it is literal.
  const shown = dialogLine(title).replaceAll("[*]", "[*][*]");
  return { path: kdialog.path, args: [`--title=${shown}`, ...args], env: ANY_TEXT };
}

/** Pixels. */
const WIDTH = 440;

/** Characters. Longer texts are wrapped at WIDTH. */
const SHORT = 60;

/**
 * Without a table a long text becomes a column of about 200 pixels. KSqueezedTextLabel removes the
 * middle of a text that is wider than the screen, tags included, so paragraph() breaks long words.
 */
function box(text: string, details?: string): string {
  const parts = [paragraph(text), ...(details === undefined ? [] : ["<br><br>", output(details)])];
  const cell = parts.join("");
  const inner = details === undefined && text.length <= SHORT
    ? `<p style="white-space:pre-wrap">${cell}</p>`
    : `<table width="${WIDTH}"><tr><td style="white-space:pre-wrap">${cell}</td></tr></table>`;
  return quote(`<html>${inner}</html>`);
}

function paragraph(text: string): string {
  const folded = dialogText(text).replaceAll(/\S{60}(?=\S)/gu, "$&\n");
  return escapeMarkup(folded).replaceAll("\n", "<br>");
}

function output(text: string): string {
  return `<tt>${paragraph(text)}</tt>`;
}

/**
 * Notification servers know few tags, or none. <b> is the commonest, and makes Qt treat the text as
 * rich.
 */
function bubble(text: string): string {
  return quote(`<b></b>${escapeMarkup(dialogLine(text))}`);
}

function quote(text: string): string {
  return text.replaceAll("\\", "\\\\");
}

/** In a label an ampersand marks the access key; doubled it is literal. */
function label(word: string): string {
  return dialogLine(word).replaceAll("&", "&&");
}
