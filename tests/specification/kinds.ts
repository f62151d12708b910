/** What kind of program a file is: a machine's, or a format's. */
import { MACHINES } from "../../lib/elf/machines.ts";
import { type Configuration, type Format, isMachine } from "./configuration.ts";
import type { World } from "./world.ts";

/**
 * A machine's or format's name, or a format's with words behind it: of a file that would be of that
 * format, had it a CLR header.
 */
export type Row = string;

/**
 * Machines come first, then formats by name. One that asks for a CLR header and one with the same
 * magic that does not stand in one place, the former's, and the header decides; but while nothing
 * is made for the former's files, the latter takes them all.
 */
export function kindOf(config: Configuration, world: World): Row | undefined {
  if (world.built.machine !== undefined) return world.built.machine;
  const all = [...config.formats].sort(([a], [b]) => a < b ? -1 : 1);
  const partner = (clr: Format) =>
    all.find(([, format]) => !format.clr && haveSameMagic(format, clr))?.[0];
  const partners = all.filter(([, { clr }]) => clr).map(([, format]) => partner(format));
  const [id, format] = all.find(([id, format]) => !partners.includes(id) && fits(format, world)) ??
    [];
  if (format === undefined || !format.clr) return id;
  const other = partner(format);
  if (other !== undefined && !isInUse(config, id!)) return other;
  return world.built.clr ? id : other ?? `${id} without a CLR header`;
}

function fits({ extension, magic, mask, offset }: Format, { program, file }: World): boolean {
  if (extension !== undefined) return extensionOf(program) === extension;
  return [...magic].every((byte, i) => {
    const found = file[offset + i];
    return found !== undefined && ((found ^ byte.charCodeAt(0)) & mask.charCodeAt(i)) === 0;
  });
}

/** What follows the last dot of the file's name. */
function extensionOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.includes(".") ? name.slice(name.lastIndexOf(".") + 1) : undefined;
}

function haveSameMagic(a: Format, b: Format): boolean {
  return a.extension === undefined && b.extension === undefined && a.magic === b.magic &&
    a.mask === b.mask && a.offset === b.offset;
}

function isInUse({ formats, interpreters }: Configuration, id: string): boolean {
  return formats.get(id)!.interpreter.length > 0 ||
    [...interpreters.values()].some(({ machines }) => machines.includes(id));
}

/**
 * A text with the words of a program's machine or format filled in; undefined where one of them
 * stands for nothing: what is no machine has no name with GNU, and not all have one with Debian.
 */
export function fillRow(text: string, row: Row): string | undefined {
  const machine = isMachine(row) ? MACHINES.find(({ name }) => name === row) : undefined;
  const words = { machine: row, gnu: machine?.gnu, debian: machine?.debian };
  let filled = text;
  for (const [word, value] of Object.entries(words)) {
    if (!text.includes(`{${word}}`)) continue;
    if (value === undefined) return undefined;
    filled = filled.replaceAll(`{${word}}`, value);
  }
  return filled;
}
