import type { Collected } from "./collect_paths.ts";
import { GLOB, GLOB_BYTE, HOME, PATH } from "./format.ts";
import type { Writer } from "./writer.ts";

/** Steps of a search whose texts stand together: those after them are near each other anyway. */
const FIRST_STEPS = 7;

/** Writes the sections and gives their offsets. What a search reads is kept together. */
export function writePaths(out: Writer, { paths, globs, homes }: Collected) {
  const paths_at = out.reserve(PATH.end * paths.length);
  const order = inOrderOfSearch(paths.length);
  let text_at = out.append(order.map((i) => paths[i]!.text).join(""));
  order.forEach((i) => {
    const { text, rank, around } = paths[i]!;
    const at = paths_at + PATH.end * i;
    out.set(at + PATH.rank, rank);
    out.set(at + PATH.text, text_at);
    out.set(at + PATH.size, text.length);
    out.set(at + PATH.around, around);
    text_at += text.length;
  });
  const globs_at = out.reserve(GLOB.end * globs.length);
  let code_at = out.append(globs.map(({ code }) => code).join(""));
  globs.forEach(({ code, rank }, i) => {
    const at = globs_at + GLOB.end * i;
    out.set(at + GLOB.rank, rank);
    out.set(at + GLOB.code, code_at);
    out.set(at + GLOB.size, code.length);
    out.set(at + GLOB.start, startOf(code));
    code_at += code.length;
  });
  return { paths: paths_at, globs: globs_at, homes: writeHomes(out, homes) };
}

/** Indices of sorted entries, first those at which a binary search looks first. */
function inOrderOfSearch(n: number): number[] {
  const first = new Set<number>();
  let ranges: [number, number][] = [[0, n]];
  for (let step = 0; step < FIRST_STEPS; step++) {
    ranges = ranges.filter(([low, high]) => high - low > 1).flatMap(([low, high]) => {
      const middle = Math.trunc((low + high) / 2);
      first.add(middle);
      return [[low, middle], [middle, high]];
    });
  }
  for (let i = 0; i < n; i++) first.add(i);
  return [...first];
}

function writeHomes(out: Writer, homes: Collected["homes"]): number {
  return out.section(homes.flatMap(({ part, code, rank }) => {
    const fields: number[] = [];
    fields[HOME.rank / 4] = rank;
    fields[HOME.part / 4] = out.bytes(`${part}\0`);
    fields[HOME.code / 4] = out.bytes(code);
    fields[HOME.size / 4] = code.length;
    return fields;
  }));
}

/** As a little-endian number. */
function startOf(code: string): number {
  const bytes = Uint8Array.from(code.slice(0, 4), (byte) => byte.charCodeAt(0));
  if (bytes.length < 4 || bytes.some((byte) => byte >= GLOB_BYTE.ANY)) return 0;
  return new DataView(bytes.buffer).getUint32(0, true);
}
