/** One of the bytes in some ranges: pairs of the first and the last. */
export interface ByteClass {
  readonly ranges: readonly number[];
}

/** One of some sequences. */
export interface Either {
  readonly of: readonly (readonly Place[])[];
}

/**
 * A byte, or the meaning of special characters. In `/**` + `/`, what follows the first slash is
 * one place, written `**` + `/`, since it also matches nothing.
 */
export type Place = number | "?" | "*" | "**" | "**/" | ByteClass | Either;

const code = (character: string) => character.charCodeAt(0);
const SLASH = code("/");
const [OPEN, COMMA, CLOSE] = [code("{"), code(","), code("}")];

/**
 * Reads a pattern's text. These stand for themselves: `[` without its `]` in the same path
 * component or around a byte that is not ASCII, and braces without their partner or without a
 * comma. So does `\`: there is no escape, because a pattern also matches itself as it is written.
 * A pattern that ends in `/` also matches everything below.
 */
export function readGlob(text: Uint8Array): readonly Place[] {
  /** What was read so far; then, for each open brace, what is between its commas. */
  const levels: Place[][][] = [[[]]];
  for (let i = 0; i < text.length;) {
    const byte = text[i]!;
    const inner = levels.at(-1)!;
    i++;
    if (byte === OPEN) {
      levels.push([[]]);
    } else if (byte === COMMA && levels.length > 1) {
      inner.push([]);
    } else if (byte === CLOSE && levels.length > 1) {
      levels.pop();
      const places = inner.length > 1 ? [{ of: inner }] : [OPEN, ...inner[0]!, CLOSE];
      levels.at(-1)!.at(-1)!.push(...places);
    } else {
      const { place, end } = placeAt(text, i - 1);
      inner.at(-1)!.push(place);
      i = end;
    }
  }
  const [first, ...unclosed] = levels.map((parts) =>
    parts.flatMap((part, i) => i === 0 ? part : [COMMA, ...part])
  );
  const places = [...first!, ...unclosed.flatMap((part) => [OPEN, ...part])];
  return text.at(-1) === SLASH ? [...places, "**"] : places;
}

/** The place that begins at an index, and where the next one begins. */
function placeAt(text: Uint8Array, start: number): { place: Place; end: number } {
  const byte = text[start]!;
  if (byte === code("?")) return { place: "?", end: start + 1 };
  if (byte === code("[")) return readClass(text, start) ?? { place: byte, end: start + 1 };
  if (byte !== code("*")) return { place: byte, end: start + 1 };
  let end = start + 1;
  while (text[end] === byte) end++;
  if (end === start + 1) return { place: "*", end };
  const directories = text[start - 1] === SLASH && text[end] === SLASH;
  return directories ? { place: "**/", end: end + 1 } : { place: "**", end };
}

/** The class that begins at an index; undefined if there is none. */
function readClass(text: Uint8Array, start: number): { place: ByteClass; end: number } | undefined {
  const negated = text[start + 1] === code("!") || text[start + 1] === code("^");
  const first = start + (negated ? 2 : 1);
  const matches = new Uint8Array(256);
  for (let i = first; i < text.length; i++) {
    const lo = text[i]!;
    if (lo === code("]") && i > first) return { place: classOf(matches, negated), end: i + 1 };
    let hi = lo;
    if (text[i + 1] === code("-") && text[i + 2] !== code("]") && i + 2 < text.length) {
      hi = text[i + 2]!;
      i += 2;
    }
    if (lo === SLASH || hi === SLASH || lo > 0x7f || hi > 0x7f) return undefined;
    matches.fill(1, lo, hi + 1);
  }
  return undefined;
}

function classOf(matches: Uint8Array, negated: boolean): ByteClass {
  const ranges: number[] = [];
  const holds = (byte: number) => byte !== SLASH && (matches[byte] === 1) !== negated;
  for (let byte = 0; byte < 256; byte++) {
    if (!holds(byte)) continue;
    if (ranges.at(-1) === byte - 1) ranges[ranges.length - 1] = byte;
    else ranges.push(byte, byte);
  }
  return { ranges };
}
