import { printable } from "../../printable.ts";

/** Characters: a window must fit on the screen, and an argument into 128 KiB. */
const LONGEST = 2000;

/**
 * An untrusted text with only printable characters and line feeds. A long text loses its beginning,
 * because programs say at the end why they failed.
 */
export function dialogText(text: string): string {
  const end = text.length <= LONGEST ? text : `…${text.slice(-LONGEST)}`;
  return end.toWellFormed().replaceAll("\t", "    ").split(/\r\n|\n|\r/).map(printable).join("\n");
}

/** The same on one line, for titles. */
export function dialogLine(text: string): string {
  return dialogText(text).replaceAll("\n", " ");
}
