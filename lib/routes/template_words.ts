import { printable } from "../printable.ts";
import { MARKER } from "./format.ts";
import type { Item } from "./table.ts";

const EQUALS = 0x3d;

const WORDS: Readonly<Record<number, string>> = {
  [MARKER.PROGRAM]: "{program}",
  [MARKER.ARGV0]: "{argv0}",
  [MARKER.ABSOLUTE]: "{absolute program}",
  [MARKER.GUEST]: "{handler} guest {umask} {standard input} {working directory}",
  [MARKER.SYSROOT]: "{sysroot}",
  [MARKER.HOME]: "~",
  [MARKER.XDG_DATA_HOME]: "{XDG_DATA_HOME}",
  [MARKER.TERMINAL]: "{on a terminal:} ",
  [MARKER.ARGUMENTS]: "{arguments …}",
};

/** A template's item as text, with markers in braces. */
export function templateWords(item: Item): string {
  if (item[0] === MARKER.VARIABLE) return aboutVariable(item.subarray(1));
  let words = "";
  let from = 0;
  for (let i = 0; i <= item.length; i++) {
    const byte = item[i];
    if (byte !== undefined && byte < MARKER.PROGRAM) continue;
    words += printable(item.subarray(from, i));
    if (byte !== undefined) words += WORDS[byte] ?? "{?}";
    from = i + 1;
  }
  return words === "" ? '""' : words;
}

function aboutVariable(item: Item): string {
  if (item.length === 0) return "{-e NAME …}";
  return `${item.includes(EQUALS) ? "{if unset:}" : "{without:}"} ${templateWords(item)}`;
}
