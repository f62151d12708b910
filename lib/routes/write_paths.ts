import type { Collected } from "./collect_paths.ts";
import { GLOB, GLOB_BYTE, HOME, PATH } from "./format.ts";
import type { Writer } from "./writer.ts";

/** Writes the sections and gives their offsets. What a search reads is kept together. */
export function writePaths(out: Writer, { paths, globs, homes }: Collected) {
  const paths_at = out.reserve(PATH.end * paths.length);
  let text_at = out.append(paths.map(({ text }) => text).join(""));
  paths.forEach(({ text, rank, around }, i) => {
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
