/** Source files and their names. */
import { parse } from "@babel/parser";
import type {
  FunctionDeclaration,
  Node,
  Statement,
  TSTypeAliasDeclaration,
  VariableDeclarator,
} from "@babel/types";
import { dirname, join, relative } from "@std/path";
import { Refusal } from "./refusal.ts";

/** What a name outside of functions stands for. */
export type Declared =
  | { readonly what: "function"; readonly module: Module; readonly node: FunctionDeclaration }
  | {
    readonly what: "variable";
    readonly module: Module;
    readonly node: VariableDeclarator;
    readonly name: string;
    readonly isConst: boolean;
  }
  | { readonly what: "type"; readonly module: Module; readonly node: TSTypeAliasDeclaration }
  | { readonly what: "module"; readonly module: Module };

export interface Module {
  readonly path: string;
  /** The path from the entry's directory, for messages. */
  readonly name: string;
  readonly own: ReadonlyMap<string, Declared>;
  readonly imported: ReadonlyMap<string, { readonly from: string; readonly name: string }>;
}

export type ReadFile = (path: string) => string;

/** `import * as …` */
const ALL = "*";

/** The entry and its imports. A file is read when one of its names is looked up. */
export class Modules {
  readonly #root: string;
  readonly #read: ReadFile;
  readonly #known = new Map<string, Module>();

  constructor(entry: string, read: ReadFile) {
    this.#root = dirname(entry);
    this.#read = read;
  }

  /** Is there a file at this path? */
  has(path: string): boolean {
    try {
      this.#read(path);
      return true;
    } catch {
      return false;
    }
  }

  load(path: string): Module {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const name = relative(this.#root, path);
    const own = new Map<string, Declared>();
    const imported = new Map<string, { from: string; name: string }>();
    const module = { path, name, own, imported };
    for (const statement of parseFile(this.#read(path), name)) {
      declare(statement, module, own);
      if (statement.type !== "ImportDeclaration") continue;
      for (const specifier of statement.specifiers) {
        const from = join(dirname(path), statement.source.value);
        imported.set(specifier.local.name, { from, name: importedName(specifier) });
      }
    }
    this.#known.set(path, module);
    return module;
  }

  /** What a name in the module refers to; undefined if it is neither its own nor imported. */
  find(module: Module, name: string): Declared | undefined {
    const own = module.own.get(name);
    if (own !== undefined) return own;
    const imported = module.imported.get(name);
    if (imported === undefined) return undefined;
    const from = this.load(imported.from);
    return imported.name === ALL
      ? { what: "module", module: from }
      : this.find(from, imported.name);
  }
}

function parseFile(text: string, sourceFilename: string): Statement[] {
  try {
    return parse(text, { sourceType: "module", sourceFilename, plugins: ["typescript"] })
      .program.body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Babel's message contains the place already.
    const { loc, message } = error as SyntaxError & { loc: { line: number; column: number } };
    const why = message.replace(/ \(\d+:\d+\)$/, "");
    throw new Refusal(`${sourceFilename}:${loc.line}:${loc.column + 1}: ${why}`);
  }
}

function importedName(specifier: Node): string {
  if (specifier.type !== "ImportSpecifier") return ALL;
  const { imported } = specifier;
  return imported.type === "Identifier" ? imported.name : imported.value;
}

function declare(statement: Statement, module: Module, own: Map<string, Declared>): void {
  const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  if (node?.type === "FunctionDeclaration") {
    own.set(node.id!.name, { what: "function", module, node });
  } else if (node?.type === "TSTypeAliasDeclaration") {
    own.set(node.id.name, { what: "type", module, node });
  } else if (node?.type === "VariableDeclaration") {
    for (const each of node.declarations) {
      if (each.id.type !== "Identifier") continue;
      const { name } = each.id;
      own.set(name, { what: "variable", module, node: each, name, isConst: node.kind === "const" });
    }
  }
}
