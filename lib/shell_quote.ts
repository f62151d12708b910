/** Quotes words for a POSIX shell, without control characters. */
import { UNPRINTABLE } from "./config/quote_text.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
/** Words that need no quotes. `a=b` does, since it is an assignment; `--a=b` and `/a=b` do not. */
const PLAIN = /^(?:[A-Za-z0-9_@%+:,./-]+|[/-][A-Za-z0-9_@%+=:,./-]*)$/;
/** Bytes that are literal in printf's format, also after an octal number. */
const LITERAL = /[A-Za-z_/.]/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NEWLINE = 0x0a;

/** Quotes one word. One that is not printable UTF-8 is written with printf(1)'s octal numbers. */
export function shellQuote(word: Uint8Array | string): string {
  const bytes = typeof word === "string" ? encoder.encode(word) : word;
  const text = printable(bytes);
  if (text === undefined) return byPrintf(bytes);
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command line, with variables before it; with env(1) if a name is not valid in shells. */
export function shellCommand(
  argv: readonly Uint8Array[],
  variables: readonly Uint8Array[] = [],
): string {
  const named = variables.map((variable) => {
    const at = variable.indexOf(0x3d);
    const name = printable(variable.subarray(0, Math.max(at, 0))) ?? "";
    const quoted = `${name}=${shellQuote(variable.subarray(at + 1))}`;
    return NAME.test(name) ? quoted : undefined;
  });
  const words = argv.map(shellQuote);
  if (named.every((assignment) => assignment !== undefined)) return [...named, ...words].join(" ");
  return ["env", ...variables.map(shellQuote), ...words].join(" ");
}

function printable(bytes: Uint8Array): string | undefined {
  try {
    const text = decoder.decode(bytes);
    return UNPRINTABLE.test(text) ? undefined : text;
  } catch {
    return undefined; // not UTF-8
  }
}

/** `$(…)` drops trailing newlines, so they follow in quotes. */
function byPrintf(bytes: Uint8Array): string {
  const end = bytes.findLastIndex((byte) => byte !== NEWLINE) + 1;
  const escaped = Array.from(bytes.subarray(0, end), (byte) => {
    const letter = String.fromCharCode(byte);
    return LITERAL.test(letter) ? letter : `\\${byte.toString(8).padStart(3, "0")}`;
  }).join("");
  const words = escaped === "" ? "" : `"$(printf '${escaped}')"`;
  return end === bytes.length ? words : `${words}'${"\n".repeat(bytes.length - end)}'`;
}
