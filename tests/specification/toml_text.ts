/** Statements → TOML text, in one of several styles. */

/** A key by its whole path, such as `["interpreters", "fex", "path"]`, and its value. */
export interface Statement {
  readonly path: readonly string[];
  readonly value: unknown;
}

export interface Style {
  /** A header for each table, dotted keys, or a header for each section. */
  readonly tables: "headers" | "dotted" | "inline";
  /** Every key in quotes, not only those that need it. */
  readonly quoted: boolean;
  readonly literal: boolean;
  readonly comments: boolean;
  readonly crlf: boolean;
  readonly mark: boolean;
}

/** Key → a table or a value. */
type Tree = ReadonlyMap<string, Tree | Leaf>;
interface Leaf {
  readonly value: unknown;
}

/** The last of several statements about a key counts. */
function treeOf(statements: readonly Statement[]): Tree {
  const root = new Map<string, Tree | Leaf>();
  for (const { path, value } of statements) {
    let at = root;
    for (const key of path.slice(0, -1)) {
      const next = new Map(at.get(key) instanceof Map ? at.get(key) as Tree : []);
      at.set(key, next);
      at = next;
    }
    at.set(path.at(-1)!, { value });
  }
  return root;
}

export function tomlText(statements: readonly Statement[], style: Style): string {
  const tree = treeOf(statements);
  const write = new Writer(style);
  const lines = style.tables === "dotted" ? write.dotted(tree, []) : write.table(tree, []);
  const text = (style.comments ? ["# é [x]", ...lines, "  # end"] : lines).join("\n") + "\n";
  return (style.mark ? "\ufeff" : "") + (style.crlf ? text.replaceAll("\n", "\r\n") : text);
}

class Writer {
  constructor(readonly style: Style) {}

  key(path: readonly string[]): string {
    const isBare = (name: string) => !this.style.quoted && /^[A-Za-z0-9_-]+$/.test(name);
    return path.map((name) => isBare(name) ? name : basic(name)).join(".");
  }

  value(value: unknown): string {
    if (typeof value === "string") {
      // deno-lint-ignore no-control-regex
      return this.style.literal && !/['\x00-\x1f\x7f]/.test(value) ? `'${value}'` : basic(value);
    }
    if (Array.isArray(value)) return `[${value.map((each) => this.value(each)).join(", ")}]`;
    if (value instanceof Date) return value.toISOString();
    if (typeof value !== "object" || value === null) return String(value);
    return this.inline(Object.entries(value));
  }

  inline(entries: Iterable<readonly [string, unknown]>): string {
    const pairs = [...entries].map(([key, value]) => `${this.key([key])} = ${this.value(value)}`);
    return `{ ${pairs.join(", ")} }`;
  }

  pair(path: readonly string[], { value }: Leaf): string {
    return `${this.key(path)} = ${this.value(value)}${this.style.comments ? "  # so" : ""}`;
  }

  dotted(tree: Tree, path: readonly string[]): string[] {
    return [...tree].flatMap(([key, each]) =>
      "value" in each ? this.pair([...path, key], each) : this.dotted(each, [...path, key])
    );
  }

  /** The table's own keys, then its tables, which are one line each if a section has the header. */
  table(tree: Tree, path: readonly string[]): string[] {
    const isInline = this.style.tables === "inline" && path.length === 1;
    const header = path.length === 0 ? [] : [`[${this.key(path)}]`];
    const own = [...tree].flatMap(([key, each]) => {
      if ("value" in each) return this.pair([key], each);
      if (!isInline) return [];
      const entries = [...each].map(([key, each]) => [key, (each as Leaf).value] as const);
      return `${this.key([key])} = ${this.inline(entries)}`;
    });
    const below = [...tree].flatMap(([key, each]) =>
      "value" in each || isInline ? [] : this.table(each, [...path, key])
    );
    return [...(own.length > 0 || below.length === 0 ? [...header, ...own] : []), ...below];
  }
}

function basic(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}
