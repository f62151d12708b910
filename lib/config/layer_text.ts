/** A layer's bytes → its text and the table that the text describes. */
import { parse } from "@std/toml";
import { MAX_LAYER_SIZE, MAX_NESTING } from "./limits.ts";

export interface LayerText {
  /**
   * As parsed: without a byte order mark and without duplicate tables. Lines match the file's.
   */
  readonly text: string;
  readonly table: Readonly<Record<string, unknown>>;
}

/** Why a layer has no table. */
export interface LayerError {
  /** 0 for the whole file. */
  readonly line: number;
  readonly why: string;
}

function nestedDeeper(value: unknown, than: number): boolean {
  if (typeof value !== "object" || value === null || value instanceof Date) return false;
  return than === 0 || Object.values(value).some((item) => nestedDeeper(item, than - 1));
}

/** Strings, comments and single characters of TOML. */
const PIECES = /"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*|[^]/g;

/** The text split before each table's header: a line that begins with `[` outside any list. */
function tables(text: string): string[] {
  const cuts = [0];
  let depth = 0;
  let lineStart = 0;
  let isBlank = true;
  for (const { 0: piece, index } of text.matchAll(PIECES)) {
    if (piece === "[" && depth === 0 && isBlank) cuts.push(lineStart);
    if (piece === "[" || piece === "{") depth += 1;
    if (piece === "]" || piece === "}") depth = Math.max(0, depth - 1);
    if (piece === "\n") lineStart = index + 1;
    isBlank = piece === "\n" || (isBlank && /^[ \t]$/.test(piece));
  }
  return cuts.map((cut, i) => text.slice(cut, cuts[i + 1]));
}

/**
 * Blanks tables that repeat an earlier table of the same name word for word. TOML does not allow
 * them, but the example configuration of AsahiLinux/binfmt-dispatcher has one.
 */
function withoutRepeats(text: string): string {
  const seen = new Set<string>();
  return tables(text).map((block) => {
    const said = block.split(/\r?\n/).map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#")).join("\n");
    const repeated = /^\[[^[]/.test(said) && seen.has(said);
    seen.add(said);
    return repeated ? block.replace(/[^\n]+/g, "") : block;
  }).join("");
}

function parsed(text: string): LayerText | LayerError {
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    // The parser throws a RangeError for a document that nests too deeply.
    if (!(error instanceof SyntaxError)) {
      return { line: 0, why: "it nests too deeply to be parsed" };
    }
    const [, line, why] = /^Parse error on line (\d+), column \d+: (.*)/s.exec(error.message) ?? [];
    return { line: Number(line ?? 0), why: `invalid TOML: ${why ?? error.message}` };
  }
  if (!nestedDeeper(table, MAX_NESTING)) return { text, table };
  return { line: 0, why: `it nests more than ${MAX_NESTING} tables and lists` };
}

/** Parses a layer; `bytes` may be cut off after MAX_LAYER_SIZE. */
export function readLayerText(bytes: Uint8Array): LayerText | LayerError {
  if (bytes.length > MAX_LAYER_SIZE) {
    return { line: 0, why: `it is larger than ${MAX_LAYER_SIZE} bytes` };
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes); // drops a byte order mark
  } catch {
    return { line: 0, why: "it is not UTF-8" };
  }
  const first = parsed(text);
  if ("table" in first) return first;
  const reduced = withoutRepeats(text);
  if (reduced === text) return first;
  const second = parsed(reduced);
  return "table" in second ? second : first;
}
