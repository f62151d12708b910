import { GLOB, MAX_GLOBS_SIZE, MAX_TABLE_SIZE, PATH } from "./format.ts";
import { readings } from "./readings.ts";

/** An exact path or a folder. Texts have one character for each byte. */
export interface PathEntry {
  readonly text: string;
  readonly rule: number;
  /** Index of the longest folder around it; 0: none. */
  readonly around: number;
}

/** What the rules' paths become in the table; rules are counted from 1, in order of precedence. */
export interface Collected {
  /** Sorted; the first stands for none. */
  readonly paths: readonly PathEntry[];
  /** In order of precedence. */
  readonly globs: readonly { readonly code: string; readonly rule: number }[];
  /** Rules that the table does without: index into the rules, and why, without a period. */
  readonly refused: readonly { readonly index: number; readonly why: string }[];
}

/** Ways through the braces of one path, and through those of all together. */
const MAX_READINGS = 1000;
const MAX_ALL_READINGS = 20_000;

const TOO_MANY = `its braces stand for more than ${MAX_READINGS} paths`;
const TOO_MANY_IN_ALL = `with it all braces would stand for more than ${MAX_ALL_READINGS} paths`;
const TOO_MANY_GLOBS = `with it all patterns would take more than ${MAX_GLOBS_SIZE} bytes`;
const TOO_LARGE = `with it the table would take more than ${MAX_TABLE_SIZE} bytes`;

/**
 * Takes the rules' paths, given in order of precedence, apart into what the table has. The one with
 * which it would pass a limit is refused, the rest stay.
 */
export function collectPaths(rules: readonly string[], room: number): Collected {
  const known = { path: new Map<string, number>(), glob: new Map<string, number>() };
  const refused: { index: number; why: string }[] = [];
  let left = room - PATH.end;
  let globs_left = MAX_GLOBS_SIZE;
  let readings_left = MAX_ALL_READINGS;
  rules.forEach((path, index) => {
    const refuse = (why: string) => void refused.push({ index, why });
    const added = { path: new Set<string>(), glob: new Set<string>() };
    let n = 0;
    for (const reading of readings(path)) {
      if (++n > MAX_READINGS) return refuse(TOO_MANY);
      // The path itself and one reading are no braces' doing.
      if (n > 2 && --readings_left < 0) return refuse(TOO_MANY_IN_ALL);
      if (reading === undefined) continue;
      const { kind, text } = reading;
      if (!known[kind].has(text)) added[kind].add(text);
    }
    const globs_size = sizeOf(added.glob, GLOB.end);
    const size = sizeOf(added.path, PATH.end) + globs_size;
    if (globs_size > globs_left) return refuse(TOO_MANY_GLOBS);
    if (size > left) return refuse(TOO_LARGE);
    globs_left -= globs_size;
    left -= size;
    for (const text of added.path) known.path.set(text, index + 1);
    for (const text of added.glob) known.glob.set(text, index + 1);
  });
  const globs = Array.from(known.glob, ([code, rule]) => ({ code, rule }));
  return { paths: sorted(known.path), globs, refused };
}

function sizeOf(texts: ReadonlySet<string>, entry: number): number {
  return texts.values().reduce((sum, text) => sum + entry + text.length, 0);
}

/** Without what a folder around it hides, so that of all that fit a path the longest wins. */
function sorted(found: ReadonlyMap<string, number>): PathEntry[] {
  const entries: PathEntry[] = [{ text: "", rule: 0, around: 0 }];
  /** Those that the next may lie in, each in the one before it. */
  const folders = [0];
  for (const [text, rule] of [...found].sort(([a], [b]) => a < b ? -1 : 1)) {
    while (!text.startsWith(entries[folders.at(-1)!]!.text)) folders.pop();
    const around = folders.at(-1)!;
    if (around > 0 && entries[around]!.rule <= rule) continue;
    entries.push({ text, rule, around });
    if (text.endsWith("/")) folders.push(entries.length - 1);
  }
  return entries;
}
