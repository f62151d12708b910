/** How native code represents values. */
import type { Node, TSType } from "@babel/types";
import type { Declared, Module, Modules } from "./modules.ts";
import { refuse } from "./refusal.ts";

/** A structure in the table with a layout; its value is an offset. */
export class StructureKind {
  constructor(readonly layout: Declared & { readonly what: "variable" }) {}
}

/**
 * Bytes and strings are an address and a length; undefined has address 0. A string is in UTF-8, and
 * can only be passed on.
 */
export type Kind = "number" | "boolean" | "bytes" | "string" | "nothing" | "never" | StructureKind;

/** How many words of 64 bits a value takes. */
export function wordsOf(kind: Kind): number {
  if (kind === "bytes" || kind === "string") return 2;
  return kind === "nothing" || kind === "never" ? 0 : 1;
}

/** The kinds of TypeScript types. */
export class Kinds {
  readonly #modules: Modules;
  readonly #structures = new Map<Declared, StructureKind>();

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  /** The kind of a type annotation; `of` is the node that has it. */
  of(of: Node, annotation: Node | null | undefined, module: Module): Kind {
    if (annotation?.type !== "TSTypeAnnotation") {
      refuse(of, "expected a type: none is inferred for parameters and results");
    }
    return this.ofType(annotation.typeAnnotation, module);
  }

  ofType(type: TSType, module: Module): Kind {
    switch (type.type) {
      case "TSNumberKeyword":
        return "number";
      case "TSBooleanKeyword":
        return "boolean";
      case "TSStringKeyword":
        return "string";
      case "TSVoidKeyword":
        return "nothing";
      case "TSNeverKeyword":
        return "never";
      case "TSUnionType":
        return this.#ofUnion(type, type.types as TSType[], module);
      case "TSTypeReference":
        return this.#ofReference(type, module);
    }
    return refuse(type, "unsupported type: use number, boolean, string or Uint8Array");
  }

  structure(layout: Declared & { readonly what: "variable" }): StructureKind {
    const known = this.#structures.get(layout) ?? new StructureKind(layout);
    this.#structures.set(layout, known);
    return known;
  }

  #ofUnion(union: TSType, types: readonly TSType[], module: Module): Kind {
    const isUndefined = (each: TSType) => each.type === "TSUndefinedKeyword";
    const kinds = types.filter((each) => !isUndefined(each))
      .map((each) => this.ofType(each, module));
    const isText = kinds.every((kind) => kind === "bytes" || kind === "string");
    if (isText && kinds.length > 0) return kinds.includes("string") ? "string" : "bytes";
    return refuse(
      union,
      types.some(isUndefined)
        ? "only Uint8Array can be undefined: let a number mean “none”"
        : "unsupported union: use string | Uint8Array",
    );
  }

  #ofReference(type: Extract<TSType, { type: "TSTypeReference" }>, module: Module): Kind {
    const name = type.typeName.type === "Identifier" ? type.typeName.name : "";
    if (name === "Uint8Array") return "bytes";
    const argument = type.typeArguments?.params[0];
    if (name === "Structure" && argument?.type === "TSTypeQuery") {
      const layout = argument.exprName.type === "Identifier"
        ? this.#modules.find(module, argument.exprName.name)
        : undefined;
      if (layout?.what === "variable") return this.structure(layout);
    }
    const declared = this.#modules.find(module, name);
    if (declared?.what === "type") {
      return this.ofType(declared.node.typeAnnotation, declared.module);
    }
    return refuse(type, `unsupported type ${name}`);
  }
}
