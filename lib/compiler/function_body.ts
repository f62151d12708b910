/** Compiles one function. */
import type {
  CallExpression,
  Expression,
  FunctionDeclaration,
  Identifier,
  Node,
  Statement,
  VariableDeclaration,
} from "@babel/types";
import type { Variable } from "../native/language.ts";
import type { Label, Program } from "../native/program.ts";
import type { Body } from "./body.ts";
import { jumpIf } from "./condition.ts";
import { value } from "./expression.ts";
import { type Kind, wordsOf } from "./kind.ts";
import type { Declared, Module } from "./modules.ts";
import { refuse } from "./refusal.ts";
import { type Local, Scope } from "./scope.ts";
import { expressionStatement, statement } from "./statement.ts";
import type { Unit } from "./unit.ts";
import { ANY, type Range, rangeOf, union, type Value } from "./value.ts";
import { assignedNames, walk } from "./walk.ts";

type Function = Declared & { readonly what: "function" };

export class FunctionBody implements Body {
  readonly scope = new Scope();
  readonly parameters: { readonly kind: Kind; readonly words: Variable[] }[] = [];
  readonly kind: Kind;
  readonly result: Variable[];
  /** The index after the last slot that is used. */
  end: number;
  module: Module;
  #top: number;
  readonly #ranges: Range[] = [];
  readonly loops: { readonly end: Label; readonly next: Label | undefined }[] = [];
  readonly #expanding: FunctionDeclaration[] = [];
  readonly #node: FunctionDeclaration;

  constructor(readonly unit: Unit, base: number, { node, module }: Function) {
    this.module = module;
    this.#node = node;
    this.#top = this.end = base;
    if (node.async || node.generator || node.typeParameters) {
      refuse(node, "generic, async and generator functions are not supported");
    }
    this.kind = unit.kinds.of(node, node.returnType, module);
    this.result = this.take(this.kind);
    const assigned = assignedNames(node.body);
    for (const parameter of node.params) {
      if (parameter.type !== "Identifier" || parameter.optional) {
        refuse(parameter, "expected a parameter with a name, a type and no default");
      }
      const kind = unit.kinds.of(parameter, parameter.typeAnnotation, module);
      const words = this.take(kind);
      this.parameters.push({ kind, words });
      const binding = { value: { kind, words }, isFixed: !assigned.has(parameter.name) };
      this.scope.set(parameter.name, { what: "variable", binding });
    }
  }

  get p(): Program {
    return this.unit.p;
  }

  /** The range of its results. */
  get range(): Range {
    return this.#ranges.length === 0 ? ANY : union(this.#ranges);
  }

  write(): void {
    this.block(this.#node.body.body);
    const given = this.kind !== "nothing" && this.kind !== "never";
    // deno check ensures that a function with a result does not end without one.
    if (given || this.kind === "never") this.p.trap();
  }

  take(kind: Kind): Variable[] {
    const words = Array.from({ length: wordsOf(kind) }, () => this.unit.slot(this.#top++));
    this.end = Math.max(this.end, this.#top);
    return words;
  }

  trap(node: Node, why: string): Label {
    return this.unit.trap(node, why);
  }

  value(node: Expression): Value {
    return value(this, node);
  }

  jumpIf(node: Expression, wanted: boolean, label: Label): void {
    jumpIf(this, node, wanted, label);
  }

  set(words: readonly Variable[], { words: from }: Value): void {
    if (words.length !== from.length) throw new TypeError("a value does not fit");
    words.forEach((word, i) => {
      if (word !== from[i]) this.p.set(word, from[i]!);
    });
  }

  copy(value: Value): Value {
    const words = this.take(value.kind);
    this.set(words, value);
    return { ...value, words, isVolatile: false };
  }

  stable(value: Value, next: readonly Node[]): Value {
    const calls = value.isVolatile === true && next.some((node) => this.#calls(node));
    return calls ? this.copy(value) : value;
  }

  declared(node: Node): Declared | undefined {
    if (node.type === "Identifier") {
      if (this.scope.find(node.name) !== undefined) return undefined;
      return this.unit.modules.find(this.module, node.name);
    }
    if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return undefined;
    const of = node.computed ? undefined : this.declared(node.object);
    return of?.what === "module"
      ? this.unit.modules.find(of.module, node.property.name)
      : undefined;
  }

  args(call: CallExpression): Value[] {
    return call.arguments.flatMap((each, i) => {
      if (each.type === "SpreadElement") {
        const rest = each.argument.type === "Identifier"
          ? this.scope.find(each.argument.name)
          : undefined;
        if (rest?.what === "rest") return rest.values;
        refuse(each, "only the function's own ...words can be spread");
      }
      const next = call.arguments.slice(i + 1);
      return [this.stable(this.value(each as Expression), next)];
    });
  }

  expand({ node, module }: Function, args: readonly Value[]): void {
    if (this.#expanding.includes(node)) refuse(node, `${node.id!.name}() calls itself`);
    const names = new Map<string, Local>();
    const assigned = assignedNames(node.body);
    // Copies, since the inlined code can change the originals.
    node.params.forEach((parameter, i) => {
      if (parameter.type === "RestElement") {
        const { name } = parameter.argument as Identifier;
        const values = args.slice(i).map((arg) => arg.isVolatile ? this.copy(arg) : arg);
        names.set(name, { what: "rest", values });
      } else {
        const { name } = parameter as Identifier;
        const isFixed = !assigned.has(name);
        const value = this.copy(args[i]!);
        // If the parameter is assigned to, the argument's range does not hold.
        const { kind, words } = value;
        const binding = { value: isFixed ? value : { kind, words }, isFixed };
        names.set(name, { what: "variable", binding });
      }
    });
    const outer = this.module;
    this.module = module;
    this.#expanding.push(node);
    this.scope.isolated(names, () => this.block(node.body.body));
    this.#expanding.pop();
    this.module = outer;
  }

  /** Does it call a function, which can change variables outside of functions? */
  #calls(node: Node): boolean {
    let calls = false;
    walk(node, (each) => {
      if (each.type === "CallExpression" && !this.unit.isIntrinsic(this.declared(each.callee))) {
        calls = true;
      }
      // Reading a structure's field is a call.
      if (each.type === "MemberExpression") calls ||= this.unit.readsStructure(this, each);
    });
    return calls;
  }

  block(nodes: readonly Statement[]): void {
    const top = this.#top;
    this.scope.within(() => {
      for (const node of nodes) this.unit.guarded(() => this.#statement(node));
    });
    this.#top = top;
  }

  expressionStatement(node: Expression): void {
    expressionStatement(this, node);
  }

  #statement(node: Statement): void {
    const top = this.#top;
    statement(this, node);
    // Declared variables keep their slots until the end of the block.
    if (node.type !== "VariableDeclaration") this.#top = top;
  }

  return(node: Node, argument: Expression | null | undefined): void {
    if (this.#expanding.length > 0) {
      refuse(node, "a function with ...words is inlined, so it cannot return");
    }
    if (argument) {
      const value = this.value(argument);
      if (value.kind === "never") return;
      if (this.kind === "number") this.#ranges.push(rangeOf(value));
      this.set(this.result, value);
    }
    this.p.return();
  }

  declare(node: VariableDeclaration): void {
    if (node.kind !== "const" && node.kind !== "let") refuse(node, "expected const or let");
    for (const { id, init } of node.declarations) {
      if (id.type !== "Identifier") refuse(id, "destructuring is not supported: expected one name");
      const isConst = node.kind === "const";
      const constant = isConst && init ? this.unit.constant(this, init) : undefined;
      if (constant !== undefined) {
        this.scope.set(id.name, { what: "constant", constant });
        continue;
      }
      const base = this.#top;
      this.#top += 2;
      this.end = Math.max(this.end, this.#top);
      const given = init ? this.value(init) : undefined;
      const kind = id.typeAnnotation
        ? this.unit.kinds.of(id, id.typeAnnotation, this.module)
        : given?.kind ?? refuse(id, "expected a type or a value");
      if (wordsOf(kind) === 0) refuse(id, "the function returns no value");
      const words = Array.from({ length: wordsOf(kind) }, (_, i) => this.unit.slot(base + i));
      this.set(words, given ?? { kind, words: words.map(() => 0) });
      this.#top = base + words.length;
      const range = isConst && given?.range ? { range: given.range } : {};
      const binding = { value: { kind, words, ...range }, isFixed: isConst };
      this.scope.set(id.name, { what: "variable", binding });
    }
  }
}
