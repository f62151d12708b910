/**
 * The only access to the route table, which is untrusted input: an offset that leads outside of the
 * table ends the handler.
 */
import { FORMAT_VERSION, HEADER, MAGIC, MAX_TABLE_SIZE } from "../../routes/format.ts";
import { indexOf, NONE, same, startsWith } from "../bytes.ts";
import { cannotRun, end, say, sayNext } from "../message.ts";
import { at as byteOf, option, part, u32, utf8 } from "../outside.ts";

let table: Uint8Array = NONE;

/**
 * The 32-bit numbers at an offset in the table, by the names of a layout. Natively a structure is
 * the offset, and reading a field is number(offset + field).
 */
export type Structure<Layout> = { readonly [Field in keyof Layout]: number };

export function structure<Layout extends Readonly<Record<string, number>>>(
  layout: Layout,
  at: number,
): Structure<Layout> {
  const read = Object.create(prototypes.get(layout) ?? readerOf(layout));
  read[PLACE] = at;
  return read;
}

const PLACE = Symbol("place");
const prototypes = new Map<object, object>();

function readerOf(layout: Readonly<Record<string, number>>): object {
  const fields = Object.entries(layout).map(([name, field]) => [
    name,
    {
      get(this: object) {
        return number(placeOf(this) + field);
      },
    },
  ]);
  const prototype = Object.create(null, Object.fromEntries(fields));
  prototypes.set(layout, prototype);
  return prototype;
}

/** A structure's offset in the table; in Deno only. */
export function placeOf(structure: object): number {
  return (structure as { [PLACE]: number })[PLACE];
}

export const header = structure(HEADER, 0);

/** Sets the table that is read from now on. */
export function use(bytes: Uint8Array): void {
  table = bytes;
}

/** The table that is read. */
export function current(): Uint8Array {
  return table;
}

export function number(at: number): number {
  if (at > table.length - 4) damaged();
  return u32(table, at);
}

/** Are `size` bytes at an offset in the table? */
export function has(at: number, size: number): boolean {
  return at >= 0 && size >= 0 && at + size <= table.length;
}

export function byte(at: number): number {
  if (at >= table.length) damaged();
  return byteOf(table, at);
}

export function bytes(at: number, size: number): Uint8Array {
  if (at + size > table.length) damaged();
  return part(table, at, at + size);
}

/** The i-th number after a count at an offset. */
export function item(counted: number, i: number): number {
  return number(counted + 4 + 4 * i);
}

/** The string at an offset, without the zero byte that ends it. */
export function text(at: number): Uint8Array {
  return textIfWhole(at) ?? damaged();
}

/** The same; undefined if the table ends before the string. */
export function textIfWhole(at: number): Uint8Array | undefined {
  if (!has(at, 1)) return undefined;
  const rest = part(table, at, table.length);
  const length = indexOf(rest, 0);
  return length === rest.length ? undefined : part(rest, 0, length);
}

/** Does the table have the right size, version, beginning and end? */
export function isFrameWhole(): boolean {
  const size = table.length;
  if (size < HEADER.end + MAGIC.length || size > MAX_TABLE_SIZE) return false;
  const trailer = part(table, size - MAGIC.length, size);
  return startsWith(table, utf8(MAGIC)) && same(trailer, utf8(MAGIC)) &&
    header.version === FORMAT_VERSION && header.size === size;
}

/** The name of a target, such as x86_64. */
export function targetName(target: number): Uint8Array {
  return text(number(header.target_names + 4 * target));
}

export const DAMAGED = "its route table is corrupt";

export function damaged(): never {
  cannotRun();
  say(DAMAGED);
  sayNext();
  say("Delete the tables: rm -rf ", option("tables"));
  say('/* "${XDG_CACHE_HOME:-$HOME/.cache}/binfmt-dispatcher" ');
  say("/run/user/$(id -u)/binfmt-dispatcher");
  end(125);
}
