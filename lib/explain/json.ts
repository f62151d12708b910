/** A report as JSON, for programs; docs/json.md describes it. */
import type { Report } from "./report.ts";

/** Incremented when a field changes its meaning or is removed. */
export const EXPLAIN_VERSION = 2;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function reportJson(report: Report): string {
  const replace = (_: string, value: unknown) => {
    if (value === undefined) return null;
    return value instanceof Uint8Array ? toText(value) : value;
  };
  return JSON.stringify({ version: EXPLAIN_VERSION, ...report }, replace, 2) + "\n";
}

/**
 * Bytes that are not UTF-8 become U+DC80 to U+DCFF, as with Python's surrogateescape, so nothing is
 * lost: JSON writes such a lone surrogate as \udc80. https://peps.python.org/pep-0383/
 */
function toText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return pieces(bytes);
  }
}

function pieces(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const size = [1, 2, 3, 4].find((size) => isLetter(bytes.subarray(at, at + size)));
    text += size === undefined
      ? String.fromCharCode(0xdc00 + bytes[at]!)
      : decoder.decode(bytes.subarray(at, at + size));
    at += size ?? 1;
  }
  return text;
}

function isLetter(bytes: Uint8Array): boolean {
  try {
    return decoder.decode(bytes).length > 0;
  } catch {
    return false;
  }
}
