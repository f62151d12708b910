/** Evaluates numbers, booleans and strings that are known at compile time. */
import type { Expression, ObjectExpression } from "@babel/types";
import type { Host } from "../native/language.ts";
import { type Declared, type Module, type Modules } from "./modules.ts";

export type Constant = number | boolean | string;

/** What is known of a name inside a function; undefined if it is not its own. */
export type KnownLocally = (name: string) => Constant | "variable" | undefined;

const NO_LOCALS: KnownLocally = () => undefined;

export class Constants {
  readonly #modules: Modules;
  readonly #host: Host;

  constructor(modules: Modules, host: Host) {
    this.#modules = modules;
    this.#host = host;
  }

  /** The value; undefined if it is unknown or not a safe integer. */
  of(node: Expression, module: Module, locally = NO_LOCALS): Constant | undefined {
    const value = this.#of(node, module, locally);
    return typeof value === "number" && !Number.isSafeInteger(value) ? undefined : value;
  }

  #of(node: Expression, module: Module, locally: KnownLocally): Constant | undefined {
    const inner = (each: Expression) => this.of(each, module, locally);
    switch (node.type) {
      case "NumericLiteral":
      case "StringLiteral":
      case "BooleanLiteral":
        return node.value;
      case "Identifier": {
        const local = locally(node.name);
        if (local !== undefined) return local === "variable" ? undefined : local;
        return this.#ofDeclared(this.#modules.find(module, node.name));
      }
      case "MemberExpression":
        return this.#ofMember(node, module, locally);
      case "UnaryExpression": {
        const value = inner(node.argument);
        if (typeof value === "boolean") return node.operator === "!" ? !value : undefined;
        if (typeof value !== "number") return undefined;
        if (node.operator === "-") return 0 - value;
        return node.operator === "~" ? ~value : undefined;
      }
      case "BinaryExpression": {
        if (node.left.type === "PrivateName") return undefined;
        const a = inner(node.left), b = inner(node.right);
        return typeof a === "number" && typeof b === "number"
          ? fold(a, node.operator, b)
          : undefined;
      }
      case "CallExpression":
        return this.#perMachine(node, inner);
    }
    return undefined;
  }

  /** perMachine(a, b) */
  #perMachine(
    { callee, arguments: args }: Extract<Expression, { type: "CallExpression" }>,
    inner: (each: Expression) => Constant | undefined,
  ): Constant | undefined {
    if (callee.type !== "Identifier" || callee.name !== "perMachine") return undefined;
    const chosen = args[this.#host === "x86_64" ? 0 : 1];
    return chosen === undefined ? undefined : inner(chosen as Expression);
  }

  #ofDeclared(declared: Declared | undefined): Constant | undefined {
    if (declared?.what !== "variable" || !declared.isConst) return undefined;
    const { init } = declared.node;
    return init ? this.of(init, declared.module) : undefined;
  }

  #ofMember(
    { object, property, computed }: Extract<Expression, { type: "MemberExpression" }>,
    module: Module,
    locally: KnownLocally,
  ): Constant | undefined {
    if (computed || property.type !== "Identifier") return undefined;
    const text = property.name === "length" && object.type !== "Super"
      ? this.of(object, module, locally)
      : undefined;
    // Only ASCII is equally long in UTF-16 and UTF-8.
    if (typeof text === "string" && /^[\0-\x7f]*$/.test(text)) return text.length;
    const declared = this.#declared(object as Expression, module, locally);
    if (declared?.what === "module") {
      return this.#ofDeclared(this.#modules.find(declared.module, property.name));
    }
    const field = declared && layoutOf(declared)?.get(property.name);
    return field === undefined ? undefined : this.of(field, declared!.module);
  }

  /** The declaration outside of functions of `name` or `module.name`. */
  #declared(node: Expression, module: Module, locally: KnownLocally): Declared | undefined {
    if (node.type === "Identifier") {
      return locally(node.name) === undefined ? this.#modules.find(module, node.name) : undefined;
    }
    if (node.type !== "MemberExpression" || node.computed) return undefined;
    const of = this.#declared(node.object as Expression, module, locally);
    return of?.what === "module" && node.property.type === "Identifier"
      ? this.#modules.find(of.module, node.property.name)
      : undefined;
  }
}

/** The fields, if it is declared as `{ a: 1, b: 2 } as const`. */
export function layoutOf(declared: Declared): ReadonlyMap<string, Expression> | undefined {
  if (declared.what !== "variable" || !declared.isConst) return undefined;
  const literal = objectOf(declared.node.init);
  if (literal === undefined) return undefined;
  return new Map(
    literal.properties.flatMap((each) =>
      each.type === "ObjectProperty" && each.key.type === "Identifier"
        ? [[each.key.name, each.value as Expression] as const]
        : []
    ),
  );
}

function objectOf(node: Expression | null | undefined): ObjectExpression | undefined {
  if (node?.type === "ObjectExpression") return node;
  const isTyped = node?.type === "TSAsExpression" || node?.type === "TSSatisfiesExpression";
  return isTyped ? objectOf(node.expression) : undefined;
}

function fold(a: number, operator: string, b: number): number | undefined {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "**":
      return a ** b;
    case "%":
      return b > 0 ? 0 + a % b : undefined;
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "<<":
      return a << b;
    case ">>":
      return a >> b;
    case ">>>":
      return a >>> b;
  }
  return undefined;
}
