import { isPattern } from "../config/literal_part.ts";
import { byteText } from "./byte_text.ts";
import { GLOB_BYTE } from "./format.ts";
import { type Either, type Place, readGlob } from "./glob.ts";

const SLASH = 0x2f;
const encoder = new TextEncoder();

/** One meaning of a rule's path, as the table has it. */
export interface Reading {
  /** A path is exact, or a directory, which ends in `/`. */
  readonly kind: "path" | "glob";
  /** One character for each byte. */
  readonly text: string;
}

type Plain = Exclude<Place, Either>;

/**
 * All readings of a rule's path: the path as written, and one for each way through its braces;
 * undefined is a reading that matches nothing. A path that begins with `*` matches absolute paths
 * only, so each reading begins with `/` or `~/`.
 */
export function* readings(path: string): Generator<Reading | undefined> {
  if (!path.startsWith("*")) yield { kind: "path", text: byteText(path) };
  if (!isPattern(path)) return;
  for (const places of expand(readGlob(encoder.encode(path)))) {
    const absolute = fromRoot(places);
    yield absolute === undefined ? undefined : reading(joined(absolute));
  }
}

function made(kind: Reading["kind"], bytes: readonly number[]): Reading {
  return { kind, text: String.fromCharCode(...bytes) };
}

function isEither(place: Place): place is Either {
  return typeof place === "object" && "of" in place;
}

/** Each way through the braces, the first alternatives first. */
function* expand(places: readonly Place[]): Generator<readonly Plain[]> {
  const left = [places];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const first = next.find(isEither);
    if (first === undefined) {
      yield next as readonly Plain[];
      continue;
    }
    const i = next.indexOf(first);
    for (const part of first.of.toReversed()) {
      left.push([...next.slice(0, i), ...part, ...next.slice(i + 1)]);
    }
  }
}

/** The same without stars before its `/`; undefined if it matches no absolute path. */
function fromRoot(places: readonly Plain[]): readonly Plain[] | undefined {
  const start = places.findIndex((place) => place !== "*" && place !== "**");
  if (start === 0) return places;
  const stars = start < 0 ? places : places.slice(0, start);
  const rest = places.slice(stars.length);
  const isDirectory = rest[0] === SLASH;
  if (!stars.includes("**")) return isDirectory ? rest : undefined;
  return isDirectory ? [SLASH, "**/", ...rest.slice(1)] : [SLASH, "**", ...rest];
}

/** Merges adjacent stars: one is enough. */
function joined(places: readonly Plain[]): readonly Plain[] {
  const found: Plain[] = [];
  for (const place of places) {
    const last = found.at(-1);
    if (place === "*" && (last === "*" || last === "**")) continue;
    if (place === "**/" && last === "**/") continue;
    if (place === "**") { while (["*", "**", "**/"].includes(found.at(-1) as string)) found.pop(); }
    found.push(place);
  }
  return found;
}

function reading(places: readonly Plain[]): Reading | undefined {
  const special = places.findIndex((place) => typeof place !== "number");
  const literal = places.slice(0, special < 0 ? places.length : special) as readonly number[];
  const isDirectory = literal.at(-1) === SLASH;
  if (special < 0 && !isDirectory) return made("path", literal);
  if (special === places.length - 1 && isDirectory && places.at(-1) === "**") {
    return made("path", literal);
  }
  if (places.some((place) => typeof place === "object" && place.ranges.length === 0)) {
    return undefined;
  }
  return made("glob", places.flatMap(encode));
}

const SPECIAL = {
  "?": GLOB_BYTE.ANY,
  "*": GLOB_BYTE.STAR,
  "**": GLOB_BYTE.STARS,
  "**/": GLOB_BYTE.DIRECTORIES,
} as const;

function encode(place: Plain): number | readonly number[] {
  if (typeof place === "number") return place;
  if (typeof place === "string") return SPECIAL[place];
  return [GLOB_BYTE.CLASS, place.ranges.length / 2, ...place.ranges];
}
