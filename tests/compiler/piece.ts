/**
 * A piece of a random program: text with holes that other pieces fill. Since a program is a tree,
 * it can be printed in two ways, and reduced if it shows a fault.
 */

export type Kind =
  | "number"
  | "boolean"
  | "bytes"
  | "maybe"
  | "string"
  | "structure"
  | "statement"
  | "other";

export interface Piece extends Known {
  readonly kind: Kind;
  /** One more than there are holes. */
  readonly texts: readonly string[];
  readonly holes: readonly Piece[];
  /** Statements or declarations, one per line, which can be left out. */
  readonly isList?: boolean;
}

/** What is known of a piece before the program runs. */
export interface Known {
  /** A number's greatest magnitude. */
  readonly bound?: number;
  /** A number that the compiler may know. */
  readonly isConstant?: boolean;
  /** Bytes that are not a string's. */
  readonly isWritable?: boolean;
  /** How many bytes. */
  readonly length?: number;
  /** What is printed instead with checked arithmetic; the place is `line, column`. */
  readonly exact?: (holes: readonly Piece[], place: string) => Piece;
}

type Part = Piece | string | number;

/** Makes pieces of templates: piece("number")`(${a} + 1)`. */
export function piece(kind: Kind, known: Known = {}) {
  return (template: TemplateStringsArray, ...parts: Part[]): Piece => {
    const texts = [template[0]!];
    const holes: Piece[] = [];
    parts.forEach((part, i) => {
      const after = template[i + 1]!;
      if (typeof part === "object") {
        holes.push(part);
        texts.push(after);
      } else {
        texts[texts.length - 1] += `${part}${after}`;
      }
    });
    return { kind, texts, holes, ...known };
  };
}

export const statement = piece("statement");
export const other = piece("other");

export function list(items: readonly Piece[]): Piece {
  const texts = items.length === 0 ? [""] : ["", ...items.slice(1).map(() => "\n"), ""];
  return { kind: "other", texts, holes: items, isList: true };
}

/** Lines that are never left out: some of them make the program end. */
export function kept(items: readonly Piece[]): Piece {
  const texts = ["", ...items.map(() => "\n")];
  return { kind: "other", texts, holes: items };
}

/** The pieces with commas between them. */
export function commas(items: readonly Piece[]): Piece {
  const texts = items.length === 0 ? [""] : ["", ...items.slice(1).map(() => ", "), ""];
  return { kind: "other", texts, holes: items };
}

/** Without parentheses around the whole. */
export function bare(inner: Piece): Piece {
  const { texts } = inner;
  const last = texts.length - 1;
  if (last === 0 || !texts[0]!.startsWith("(") || !texts[last]!.endsWith(")")) return inner;
  const without = [...texts];
  without[0] = without[0]!.slice(1);
  without[last] = without[last]!.slice(0, -1);
  return { ...inner, texts: without };
}

export interface Printed {
  readonly text: string;
  /** Where each piece begins: `line, column`, both from 1. */
  readonly places: ReadonlyMap<Piece, string>;
}

export function print(root: Piece): Printed {
  const places = new Map<Piece, string>();
  const chunks: string[] = [];
  let line = 1, column = 1;
  const add = (chunk: string) => {
    chunks.push(chunk);
    const lines = chunk.split("\n");
    line += lines.length - 1;
    column = (lines.length > 1 ? 1 : column) + lines.at(-1)!.length;
  };
  const visit = (each: Piece): void => {
    if (each.exact) {
      if (places.has(each)) throw new Error("a piece with a place occurs twice");
      const parentheses = /^\(*/.exec(each.texts[0]!)![0].length;
      places.set(each, `${line}, ${column + parentheses}`);
    }
    each.texts.forEach((own, i) => {
      add(own);
      if (i < each.holes.length) visit(each.holes[i]!);
    });
  };
  visit(root);
  return { text: chunks.join(""), places };
}

/** Prints with checked arithmetic, which has the places of the first printing. */
export function printExact(root: Piece, { places }: Printed): string {
  const visit = (each: Piece): string => {
    const shown = each.exact ? each.exact(each.holes, places.get(each)!) : each;
    return shown.texts.map((own, i) => own + (i < shown.holes.length ? visit(shown.holes[i]!) : ""))
      .join("");
  };
  return visit(root);
}

const SIMPLEST: Partial<Record<Kind, readonly string[]>> = {
  number: ["0", "1"],
  boolean: ["false", "true"],
  string: [`"a"`],
};

/** The piece with one thing left out or simplified, the biggest steps first. */
export function* simpler(root: Piece): Generator<Piece> {
  if (root.isList) {
    for (let size = root.holes.length; size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < root.holes.length; from += size) {
        yield list([...root.holes.slice(0, from), ...root.holes.slice(from + size)]);
      }
    }
  }
  if (root.kind === "statement") yield* root.holes.filter((hole) => hole.isList);
  const isExpression = !root.isList && root.kind !== "statement" && root.kind !== "other";
  if (isExpression && (root.holes.length > 0 || !isSimplest(root))) {
    yield* (SIMPLEST[root.kind] ?? []).map((text): Piece => (
      { kind: root.kind, texts: [text], holes: [] }
    ));
    yield* root.holes.filter(({ kind }) => kind === root.kind);
  }
  for (const [i, hole] of root.holes.entries()) {
    for (const each of simpler(hole)) yield { ...root, holes: root.holes.with(i, each) };
  }
}

function isSimplest({ kind, texts }: Piece): boolean {
  return SIMPLEST[kind]?.includes(texts[0]!) ?? false;
}
