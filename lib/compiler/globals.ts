/** Compiles variables outside of functions. */
import type { Expression, Node } from "@babel/types";
import { basename } from "@std/path";
import type { Operand, Program, Variable } from "../native/program.ts";
import { layoutOf } from "./constants.ts";
import { wordsOf } from "./kind.ts";
import type { Declared, Module } from "./modules.ts";
import { refuse } from "./refusal.ts";
import type { Unit } from "./unit.ts";
import type { Binding, Value } from "./value.ts";

type Declaration = Declared & { readonly what: "variable" };

export class Globals {
  readonly #unit: Unit;
  readonly #p: Program;
  readonly #known = new Map<Declared, Binding>();
  readonly #initial: { readonly variable: Variable; readonly value: Operand }[] = [];

  constructor(unit: Unit, p: Program) {
    this.#unit = unit;
    this.#p = p;
  }

  binding(declared: Declared, from: Node): Binding {
    const known = this.#known.get(declared);
    if (known !== undefined) return known;
    if (declared.what !== "variable") refuse(from, "functions and modules are not values");
    if (this.#unit.isIntrinsic(declared)) refuse(from, `${declared.name} exists only in Deno`);
    if (layoutOf(declared)) refuse(from, "a layout is not a value: use its fields");
    const binding = declared.isConst
      ? { value: this.#constant(declared), isFixed: true }
      : { value: this.#variable(declared), isFixed: false };
    this.#known.set(declared, binding);
    return binding;
  }

  /** Sets all variables whose initial value is not 0. */
  initialise(): void {
    for (const { variable, value } of this.#initial) this.#p.set(variable, value);
  }

  #constant({ node, module, name }: Declaration): Value {
    if (!node.init) refuse(node, "expected a value");
    return this.#initialValue(node.init, module, name);
  }

  #variable({ node, module, name }: Declaration): Value {
    if (!node.init) refuse(node, "expected an initial value");
    const initial = this.#initialValue(node.init, module, name);
    const annotation = node.id.type === "Identifier" ? node.id.typeAnnotation : undefined;
    const kind = annotation ? this.#unit.kinds.of(node, annotation, module) : initial.kind;
    const words = Array.from(
      { length: wordsOf(kind) },
      (_, i) => this.#p.variable(this.#name(module, i === 0 ? name : `${name}.length`)),
    );
    words.forEach((variable, i) => {
      const value = initial.words[i]!;
      if (value !== 0) this.#initial.push({ variable, value });
    });
    return { kind, words, isVolatile: true };
  }

  #initialValue(node: Expression, module: Module, name: string): Value {
    const constant = this.#unit.constant(module, node);
    if (constant !== undefined) return this.#unit.known(constant);
    if (node.type === "Identifier") {
      if (node.name === "undefined") return { kind: "bytes", words: [0, 0] };
      const declared = this.#unit.modules.find(module, node.name);
      if (declared?.what === "variable" && declared.isConst) {
        return this.binding(declared, node).value;
      }
    }
    if (node.type === "NewExpression") return this.#buffer(node, module, name);
    if (node.type === "CallExpression" && node.callee.type === "Identifier") {
      const called = this.#unit.modules.find(module, node.callee.name);
      if (called && this.#unit.isStructure(called)) return this.#unit.structureOf(module, node);
      const [argument] = node.arguments;
      const text = argument && this.#unit.constant(module, argument as Expression);
      if (node.callee.name === "utf8" && typeof text === "string") {
        return { ...this.#unit.known(text), kind: "bytes" };
      }
    }
    return refuse(node, "expected a constant or new Uint8Array(N)");
  }

  #buffer(
    node: Extract<Expression, { type: "NewExpression" }>,
    module: Module,
    name: string,
  ): Value {
    const [size] = node.arguments;
    const bytes = size && this.#unit.constant(module, size as Expression);
    if (node.callee.type !== "Identifier" || node.callee.name !== "Uint8Array") {
      refuse(node, "only new Uint8Array(N) is supported");
    }
    if (typeof bytes !== "number" || bytes < 0) refuse(node, "expected a constant size");
    const address = this.#p.buffer(this.#name(module, name), Math.max(bytes, 1));
    return { kind: "bytes", words: [address, bytes] };
  }

  #name(module: Module, name: string): string {
    return `${basename(module.name, ".ts")}.${name}`;
  }
}
