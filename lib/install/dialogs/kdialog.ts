import type { CommandLine } from "../command_line.ts";
import type { DialogProgram } from "./dialog.ts";
import { ANY_TEXT, SECONDS_OF_DONE } from "./dialog_settings.ts";
import { dialogLine, dialogText } from "./dialog_text.ts";
import { escapeMarkup } from "./escape_markup.ts";

/**
 * kdialog, KDE's, with Qt 5 or Qt 6. https://invent.kde.org/utilities/kdialog
 *
 * Its texts: `\n` and `\\` are a line feed and a backslash (Widgets::parseString); the rest is rich
 * text if Qt takes it for such (Qt::mightBeRichText), so here it always is. Values are given as
 * --name=value, so that a dash is no option.
 */
export const kdialog: DialogProgram = {
  path: "/usr/bin/kdialog",

  question: ({ title, text, yes, no }) =>
    run(title, [`--yes-label=${label(yes)}`, `--no-label=${label(no)}`, `--yesno=${box(text)}`]),

  // The text can be selected with the mouse, and copied with Ctrl+C or the right button's menu.
  // --detailederror would hide the details behind one more click.
  message: ({ title, text, details }) => run(title, [`--error=${box(text, details)}`]),

  // --progressbar forks and is then ruled over D-Bus alone: its starter knows no process that it
  // could end. No other window of kdialog has a bar. Of those that stay a child only the ones with
  // two buttons say which was pressed; so the other one puts the window away, and closing it is
  // Cancel.
  progress: ({ title, text, cancel }) =>
    cancel
      ? run(title, [
        "--continue-label=Hide",
        "--cancel-label=Cancel",
        `--warningcontinuecancel=${box(text)}`,
      ])
      : run(title, ["--ok-label=Hide", `--msgbox=${box(text)}`]),

  // A notification where there is a server of such, else a small window of its own; with Qt 6
  // nothing.
  done: ({ title, text }) =>
    run(title, [`--passivepopup=${bubble(text)}`, String(SECONDS_OF_DONE)]),
};

function run(title: string, args: readonly string[]): CommandLine {
  // “[*]” is where Qt shows that a document has changed; twice it is itself.
  const shown = dialogLine(title).replaceAll("[*]", "[*][*]");
  return { path: kdialog.path, args: [`--title=${shown}`, ...args], env: ANY_TEXT };
}

/** Pixels, at which a text is easily read. */
const WIDTH = 440;

/** Characters. Longer texts are wrapped at WIDTH instead of the window's edge. */
const SHORT = 60;

/**
 * A longer text would become a column of some 200 pixels. And one that stays wider than the screen
 * loses its middle, with the tags in it (KSqueezedTextLabel): therefore no word is longer either.
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
 * For a server of notifications, which knows a few tags, if any, and for Qt's window: <b> is known
 * to all that know tags, and makes it markup for Qt.
 */
function bubble(text: string): string {
  return quote(`<b></b>${escapeMarkup(dialogLine(text))}`);
}

function quote(text: string): string {
  return text.replaceAll("\\", "\\\\");
}

/** In a button's word the letter after an ampersand is its key. */
function label(word: string): string {
  return dialogLine(word).replaceAll("&", "&&");
}
