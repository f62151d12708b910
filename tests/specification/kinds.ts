/** The target of a program: a machine or a format. */
import { MACHINES } from "../../lib/elf/machines.ts";
import { type Configuration, type Format, isMachine } from "./configuration.ts";
import type { World } from "./world.ts";

/** A machine's or format's name; with “without a CLR header”, a CLR format's other files. */
export type Target = string;

/**
 * Machines come first, then formats by name. If a format asks for a CLR header and another one has
 * the same magic, the header decides between them, in the first one's place. If no interpreter is
 * made for the first one, the other one takes all files.
 */
export function kindOf(config: Configuration, world: World): Target | undefined {
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
 * Fills in the target's placeholders; undefined if one has no value: only machines have a GNU name,
 * and not all of them have a Debian name.
 */
export function fillIn(text: string, target: Target): string | undefined {
  const machine = isMachine(target) ? MACHINES.find(({ name }) => name === target) : undefined;
  const words = { machine: target, gnu: machine?.gnu, debian: machine?.debian };
  let filled = text;
  for (const [word, value] of Object.entries(words)) {
    if (!text.includes(`{${word}}`)) continue;
    if (value === undefined) return undefined;
    filled = filled.replaceAll(`{${word}}`, value);
  }
  return filled;
}
