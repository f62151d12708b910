import { printable } from "../../printable.ts";

/** Characters. A window has to fit on the screen, and an argument into 128 KiB. */
const LONGEST = 2000;

/**
 * A text of any origin with nothing in it but what is seen, and line feeds. Of a long one its end
 * remains: there, programs say why they failed.
 */
export function dialogText(text: string): string {
  const end = text.length <= LONGEST ? text : `…${text.slice(-LONGEST)}`;
  return end.toWellFormed().replaceAll("\t", "    ").split(/\r\n|\n|\r/).map(printable).join("\n");
}

/** The same in one line, for titles. */
export function dialogLine(text: string): string {
  return dialogText(text).replaceAll("\n", " ");
}
