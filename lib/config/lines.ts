/** Finds the lines of keys in a layer's text, which the parser does not tell. */
import { parse } from "@std/toml";
import { keyName } from "./key_name.ts";

type Path = readonly (string | number)[];

/** A string, a comment, a bare word, space, or a single character of TOML. */
const TOKEN = new RegExp(
  [
    /"""(?:\\[^]|[^\\])*?"""(?!")/,
    /'''[^]*?'''(?!')/,
    /"(?:\\.|[^"\\])*"/,
    /'[^']*'/,
    /#[^\n]*/,
    /[\w-]+/,
    /[ \t\r]+/,
    /[^]/,
  ].map(({ source }) => source).join("|"),
  "g",
);

interface Token {
  readonly text: string;
  readonly line: number;
}

/** All tokens but space and comments. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [piece] of text.matchAll(TOKEN)) {
    if (!/^[ \t\r#]/.test(piece)) tokens.push({ text: piece, line });
    line += piece.split("\n").length - 1;
  }
  return tokens;
}

/** Where the tables, keys and list items of a document begin. */
export class Lines {
  readonly #tokens: readonly Token[];
  readonly #lines = new Map<string, number>();
  #next = 0;

  /** `text` is valid TOML. */
  constructor(text: string) {
    this.#tokens = tokensOf(text);
    let table: Path = [];
    while (this.#next < this.#tokens.length) {
      if (this.#skip("\n")) continue;
      const line = this.#line;
      if (this.#skip("[")) {
        this.#skip("[");
        table = this.#key([], line);
        while (this.#skip("]"));
      } else this.#pair(table);
    }
  }

  /**
   * Counted from 1; 0 if there is no such key. A key without a line of its own has its table's.
   */
  line(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const found = this.#lines.get(keyName(path.slice(0, length)));
      if (found !== undefined) return found;
    }
    return 0;
  }

  get #text(): string {
    return this.#tokens[this.#next]?.text ?? "\n";
  }

  get #line(): number {
    return this.#tokens[this.#next]?.line ?? 0;
  }

  /** Skips the next token if it is this one. */
  #skip(text: string): boolean {
    if (this.#next === this.#tokens.length || this.#text !== text) return false;
    this.#next++;
    return true;
  }

  #add(path: Path, line: number): void {
    const name = keyName(path);
    if (!this.#lines.has(name)) this.#lines.set(name, line);
  }

  /** Reads a key with its dots; returns its path below `table`. */
  #key(table: Path, line: number): Path {
    let path = table;
    while (!["=", "]", "\n"].includes(this.#text)) {
      if (this.#skip(".")) continue;
      path = [...path, unquoted(this.#text)];
      this.#add(path, line);
      this.#next++;
    }
    return path;
  }

  #pair(table: Path): void {
    const path = this.#key(table, this.#line);
    this.#next++;
    this.#value(path);
  }

  #value(path: Path): void {
    if (this.#skip("{")) {
      this.#members("}", () => this.#pair(path));
    } else if (this.#skip("[")) {
      this.#members("]", (index) => {
        const item = [...path, index];
        this.#add(item, this.#line);
        this.#value(item);
      });
    } else {
      while (![",", "]", "}", "\n"].includes(this.#text)) this.#next++;
    }
  }

  /** Reads what a table or list in a value contains. */
  #members(end: string, read: (index: number) => void): void {
    for (let index = 0; this.#next < this.#tokens.length && !this.#skip(end);) {
      if (this.#skip("\n") || this.#skip(",")) continue;
      read(index++);
    }
  }
}

function unquoted(key: string): string {
  return /^["']/.test(key) ? parse(`key = ${key}`)["key"] as string : key;
}
