/** Bytes that a token matches: pairs of the first and the last. */
export interface ByteClass {
  readonly ranges: readonly number[];
}

/** A byte, a class of bytes, or what a pattern's special characters mean. */
export type Token = number | ByteClass | "*" | "**" | "{" | "}" | ",";

/** Braces with at least one comma of their own, by the index of the closing one. */
export type Braces = ReadonlyMap<number, { readonly open: number; readonly commas: number[] }>;

export interface Glob {
  readonly tokens: readonly Token[];
  readonly braces: Braces;
  /** How deep braces stand in braces. */
  readonly depth: number;
}

const SLASH = 0x2f;
const NOT_SLASH: ByteClass = { ranges: [0, SLASH - 1, SLASH + 1, 255] };
const code = (character: string) => character.charCodeAt(0);

/**
 * Reads a pattern's text. `[` without its `]` in the same folder's name, or around a byte that is
 * not ASCII, and braces without their partner or without a comma stand for themselves; so does `\`:
 * there is no escape, because a pattern also matches itself as it is written. What ends in `/` goes
 * on with anything.
 */
export function readGlob(text: Uint8Array): Glob {
  const tokens = tokenise(text);
  if (text.at(-1) === SLASH) tokens.push("**");
  const open: { at: number; commas: number[] }[] = [];
  const braces = new Map<number, { open: number; commas: number[] }>();
  let depth = 0;
  tokens.forEach((token, i) => {
    if (token === "{") open.push({ at: i, commas: [] });
    depth = Math.max(depth, open.length);
    if (token === ",") open.at(-1)?.commas.push(i);
    if (token !== "}") return;
    const partner = open.pop();
    if (partner !== undefined && partner.commas.length > 0) {
      braces.set(i, { open: partner.at, commas: partner.commas });
    }
  });
  return { tokens: literals(tokens, braces), braces, depth };
}

function tokenise(text: Uint8Array): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < text.length; i++) {
    const byte = text[i]!;
    if (byte === code("*")) {
      const first = i;
      while (text[i + 1] === byte) i++;
      tokens.push(i > first ? "**" : "*");
    } else if (byte === code("?")) {
      tokens.push(NOT_SLASH);
    } else if (byte === code("[")) {
      const found = readClass(text, i + 1);
      tokens.push(found?.class ?? byte);
      i = found?.end ?? i;
    } else if (byte === code("{") || byte === code("}") || byte === code(",")) {
      tokens.push(String.fromCharCode(byte) as Token);
    } else {
      tokens.push(byte);
    }
  }
  return tokens;
}

/** The class that begins behind a `[`, and where its `]` stands; undefined where there is none. */
function readClass(text: Uint8Array, start: number) {
  let i = start;
  const negated = text[i] === code("!") || text[i] === code("^");
  if (negated) i++;
  const first = i;
  const matches = new Uint8Array(256);
  for (; i < text.length; i++) {
    const lo = text[i]!;
    if (lo === code("]") && i > first) return { class: classOf(matches, negated), end: i };
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

/** Braces and commas that mean nothing become bytes. */
function literals(tokens: readonly Token[], braces: Braces): Token[] {
  const meant = new Set<number>();
  for (const [close, { open, commas }] of braces) {
    meant.add(close).add(open);
    for (const comma of commas) meant.add(comma);
  }
  return tokens.map((token, i) =>
    (token === "{" || token === "}" || token === ",") && !meant.has(i) ? code(token) : token
  );
}
