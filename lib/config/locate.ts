/**
 * Finds the lines of keys. The parser for this is loaded only here and only on request, so the
 * resolver does not pay for it.
 */
import type { AST } from "toml-eslint-parser";
import { keyName } from "./key_name.ts";

export interface Lines {
  /**
   * Counted from 1; 0 if the text is not TOML or has no such key. A key without a line of its own
   * has its table's.
   */
  line(path: readonly (string | number)[]): number;
  /** Where the parser gave up, or undefined if it did not. */
  readonly errorLine: number | undefined;
}

type Path = readonly (string | number)[];

/** Collects the lines of a document's tables, keys and list items. */
class Collector {
  readonly lines = new Map<string, number>();

  add(path: Path, line: number): void {
    const name = keyName(path);
    if (!this.lines.has(name)) this.lines.set(name, line);
  }

  pair(node: AST.TOMLKeyValue, table: Path): void {
    const keys = node.key.keys.map((key) => key.type === "TOMLBare" ? key.name : key.value);
    const line = node.loc.start.line;
    keys.forEach((_, index) => this.add([...table, ...keys.slice(0, index + 1)], line));
    this.content(node.value, [...table, ...keys]);
  }

  content(node: AST.TOMLContentNode, path: Path): void {
    if (node.type === "TOMLInlineTable") {
      for (const pair of node.body) this.pair(pair, path);
    } else if (node.type === "TOMLArray") {
      node.elements.forEach((element, index) => {
        this.add([...path, index], element.loc.start.line);
        this.content(element, [...path, index]);
      });
    }
  }

  table(node: AST.TOMLTable): void {
    const path = node.resolvedKey;
    path.forEach((_, index) => this.add(path.slice(0, index + 1), node.loc.start.line));
    for (const pair of node.body) this.pair(pair, path);
  }

  document(program: AST.TOMLProgram): void {
    for (const node of program.body[0].body) {
      if (node.type === "TOMLTable") this.table(node);
      else this.pair(node, []);
    }
  }
}

/** Reads the lines of a layer's text. */
export async function locate(text: string): Promise<Lines> {
  const { parseTOML, ParseError } = await import("toml-eslint-parser");
  const collector = new Collector();
  let errorLine: number | undefined;
  try {
    collector.document(parseTOML(text, { tomlVersion: "1.1" }));
  } catch (error) {
    // A RangeError: nested too deeply for it.
    errorLine = error instanceof ParseError ? error.lineNumber : 0;
  }
  const line = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const found = collector.lines.get(keyName(path.slice(0, length)));
      if (found !== undefined) return found;
    }
    return 0;
  };
  return { line, errorLine };
}
