import type { Collected } from "./collect_paths.ts";
import { GLOB, GLOB_BYTE, PATH } from "./format.ts";
import type { Writer } from "./writer.ts";

/** Writes both sections; gives their offsets. What a search looks at stands together. */
export function writePaths(out: Writer, { paths, globs }: Collected) {
  const paths_at = out.reserve(PATH.end * paths.length);
  let text_at = out.reserve(paths.reduce((sum, { text }) => sum + text.length, 0));
  paths.forEach(({ text, rule, around }, i) => {
    const at = paths_at + PATH.end * i;
    out.set(at + PATH.rule, rule);
    out.set(at + PATH.text, text_at);
    out.set(at + PATH.size, text.length);
    out.set(at + PATH.around, around);
    out.setBytes(text_at, bytesOf(text));
    text_at += text.length;
  });
  const globs_at = out.reserve(GLOB.end * globs.length);
  let code_at = out.reserve(globs.reduce((sum, { code }) => sum + code.length, 0));
  globs.forEach(({ code, rule }, i) => {
    const at = globs_at + GLOB.end * i;
    out.set(at + GLOB.rule, rule);
    out.set(at + GLOB.code, code_at);
    out.set(at + GLOB.size, code.length);
    out.set(at + GLOB.start, startOf(code));
    out.setBytes(code_at, bytesOf(code));
    code_at += code.length;
  });
  return { paths: paths_at, globs: globs_at };
}

/** As a little-endian number. */
function startOf(code: string): number {
  const bytes = bytesOf(code.slice(0, 4));
  if (bytes.length < 4 || bytes.some((byte) => byte >= GLOB_BYTE.ANY)) return 0;
  return new DataView(bytes.buffer).getUint32(0, true);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
