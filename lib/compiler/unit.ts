/** The state while a program is compiled: all that is not inside one function. */
import type { CallExpression, Expression, MemberExpression, Node } from "@babel/types";
import { basename } from "@std/path";
import type { Procedure, Variable } from "../native/language.ts";
import { Label, type Program } from "../native/program.ts";
import type { Body } from "./body.ts";
import { callees } from "./callees.ts";
import { type Constant, Constants, layoutOf } from "./constants.ts";
import { FunctionBody } from "./function_body.ts";
import { Globals } from "./globals.ts";
import { type Kind, Kinds, StructureKind } from "./kind.ts";
import type { Declared, Module, Modules } from "./modules.ts";
import { placeOf, Refusal, refuse } from "./refusal.ts";
import { type Binding, LENGTH, numberValue, UINT32, type Value } from "./value.ts";

type Function = Declared & { readonly what: "function" };

export interface Compiled {
  readonly procedure: Procedure;
  readonly parameters: readonly { readonly kind: Kind; readonly words: readonly Variable[] }[];
  readonly result: Value;
  /** The end of its slots and those of all functions that it calls. */
  readonly end: number;
}

/** Slots before the global variables: x86_64 reaches the first 32 slots with one byte. */
const NEAR = 31;

export class Unit {
  readonly kinds: Kinds;
  readonly refusals: string[] = [];
  /** The initial stack pointer. */
  readonly stack: Variable;
  readonly #constants: Constants;
  readonly #globals: Globals;
  readonly #functions = new Map<Function["node"], Compiled>();
  readonly #open: Function[] = [];
  readonly #slots: Variable[] = [];
  readonly #support = new Map<string, Procedure>();
  readonly #traps = new Map<string, Label>();
  readonly #options: readonly string[];
  readonly #table: Module | undefined;

  /** `options`: names, in their order in an image; `table`: the module that has structures. */
  constructor(
    readonly p: Program,
    readonly modules: Modules,
    { options, table }: { readonly options: readonly string[]; readonly table?: Module },
  ) {
    this.kinds = new Kinds(modules);
    this.#constants = new Constants(modules, p.host);
    this.#globals = new Globals(this, p);
    this.#options = options;
    this.#table = table;
    this.stack = p.variable("stack");
    for (let i = 0; i < NEAR; i++) this.slot(i);
  }

  entry(main: Function): void {
    const compiled = this.guarded(() => this.function(main, main.node));
    if (this.refusals.length > 0 || compiled === undefined) return;
    this.#writeTraps();
    this.p.entry(this.stack, () => {
      this.#globals.initialise();
      this.p.call(compiled.procedure);
      this.p.syscall(this.stack, "exit_group", 0);
    });
  }

  /** A local variable. Functions share slots unless one calls the other, directly or not. */
  slot(i: number): Variable {
    return this.#slots[i] ??= this.p.variable(`slot${i}`);
  }

  /** A label where the handler ends with a message that names the place. */
  trap(node: Node, why: string): Label {
    const words = `${placeOf(node)}: ${why}\n`;
    const label = this.#traps.get(words) ?? new Label();
    this.#traps.set(words, label);
    return label;
  }

  /** The compiled function, with all that it calls. */
  function(declared: Function, from: Node): Compiled {
    const { node } = declared;
    const known = this.#functions.get(node);
    if (known !== undefined) return known;
    if (this.#open.some((each) => each.node === node)) {
      const start = this.#open.findIndex((each) => each.node === node);
      const circle = [...this.#open.slice(start), declared].map((each) => each.node.id!.name);
      refuse(from, `recursion is not supported: ${circle.join(" → ")}`);
    }
    this.#open.push(declared);
    try {
      // Callees first, since this function's slots follow theirs.
      const ends = callees(this, declared).map(([callee, call]) =>
        this.guarded(() => this.function(callee, call).end) ?? 0
      );
      const body = new FunctionBody(this, Math.max(0, ...ends), declared);
      const name = `${basename(declared.module.name, ".ts")}.${node.id!.name}`;
      const procedure = this.p.procedure(name, [], () => body.write());
      const { kind, range, parameters } = body;
      const result = { kind, words: body.result, range, isVolatile: body.result.length > 0 };
      const compiled = { procedure, parameters, result, end: body.end };
      this.#functions.set(node, compiled);
      return compiled;
    } finally {
      this.#open.pop();
    }
  }

  /** Runs `what` and records a Refusal; another error is a bug in the compiler. */
  guarded<T>(what: () => T): T | undefined {
    try {
      return what();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!this.refusals.includes(error.message)) this.refusals.push(error.message);
      return undefined;
    }
  }

  /** The constant of an expression outside of functions, or in a function. */
  constant(place: Module | Body, node: Expression): Constant | undefined {
    if (!("scope" in place)) return this.#constants.of(node, place);
    if (node.type === "CallExpression") {
      const called = place.declared(node.callee);
      if (called?.what === "function" && this.isHook(called)) {
        // isListening() is false in native code.
        if (this.kinds.of(node, called.node.returnType, called.module) === "boolean") return false;
      }
    }
    return this.#constants.of(node, place.module, (name) => {
      const local = place.scope.find(name);
      return local?.what === "constant" ? local.constant : local && "variable";
    });
  }

  known(constant: Constant): Value {
    if (typeof constant === "number") return numberValue(constant, [constant, constant]);
    if (typeof constant === "boolean") return { kind: "boolean", words: [constant ? 1 : 0] };
    const length = new TextEncoder().encode(constant).length;
    return { kind: "string", words: [this.p.text(constant), length] };
  }

  binding(declared: Declared, node: Node): Binding {
    return this.#globals.binding(declared, node);
  }

  /** Is it a function of outside.ts, which native code implements itself? */
  isIntrinsic(declared: Declared | undefined): boolean {
    return declared?.module.path.endsWith("/outside.ts") ?? false;
  }

  /** Is it a report, which only Deno has? */
  isHook(declared: Declared): boolean {
    return declared.module.path.endsWith("/report.ts");
  }

  isStructure(declared: Declared): boolean {
    return declared === this.#table?.own.get("structure");
  }

  /** structure(LAYOUT, at) */
  structureOf(body: Body | Module, node: CallExpression): Value {
    const [layout, at] = node.arguments;
    const module = "scope" in body ? body.module : body;
    const declared = layout?.type === "Identifier"
      ? this.modules.find(module, layout.name)
      : undefined;
    if (declared?.what !== "variable" || layoutOf(declared) === undefined) {
      refuse(node, "expected the name of a layout");
    }
    const kind = this.kinds.structure(declared);
    if ("scope" in body) return { ...body.value(at as Expression), kind };
    return { kind, words: [this.constant(body, at as Expression) as number] };
  }

  /** A structure's field: number(at + field). */
  field(node: MemberExpression, of: Value, name: string): Value {
    const { layout } = of.kind as StructureKind;
    const field = layoutOf(layout)?.get(name);
    const offset = field && this.constant(layout.module, field);
    if (typeof offset !== "number") refuse(node, `${layout.name} has no field ${name}`);
    const { procedure, parameters, result } = this.function(this.#reader(node), node);
    this.p.do(parameters[0]!.words[0]!, of.words[0]!, "+", offset);
    this.p.call(procedure);
    return { ...result, range: UINT32 };
  }

  /** The function that reads the fields of structures. */
  #reader(node: Node): Function {
    const reader = this.#table?.own.get("number");
    return reader?.what === "function" ? reader : refuse(node, "structures are not defined");
  }

  /** The function that reads the field, if the expression is a structure's field. */
  readerOf(
    module: Module,
    { computed, property, object }: MemberExpression,
    isLocal: (name: string) => boolean,
  ): Function | undefined {
    if (this.#table === undefined || computed || property.type !== "Identifier") return undefined;
    if (property.name === "length") return undefined;
    if (object.type === "Identifier" && !isLocal(object.name)) {
      if (object.name === "Math") return undefined;
      const declared = this.modules.find(module, object.name);
      if (declared?.what === "module" || (declared && layoutOf(declared))) return undefined;
    }
    if (object.type === "MemberExpression" && object.object.type === "Identifier") {
      const of = this.modules.find(module, object.object.name);
      const declared = of?.what === "module" && object.property.type === "Identifier"
        ? this.modules.find(of.module, object.property.name)
        : undefined;
      if (declared && layoutOf(declared)) return undefined;
    }
    return this.#reader(object);
  }

  readsStructure(body: Body, node: MemberExpression): boolean {
    const isLocal = (name: string) => body.scope.find(name) !== undefined;
    return this.readerOf(body.module, node, isLocal) !== undefined;
  }

  /** The highest value of a counter's limit, and the bytes whose length it is. */
  limit(
    body: Body,
    node: Expression,
  ): { readonly most: number; readonly of?: Binding } | undefined {
    const known = this.constant(body, node);
    if (known !== undefined) {
      return typeof known === "number" ? { most: known } : undefined;
    }
    if (node.type !== "MemberExpression" || node.object.type !== "Identifier") {
      return { most: Number.MAX_SAFE_INTEGER };
    }
    if (node.property.type !== "Identifier" || node.property.name !== "length") return undefined;
    const local = body.scope.find(node.object.name);
    const declared = local === undefined ? body.declared(node.object) : undefined;
    const binding = local?.what === "variable"
      ? local.binding
      : declared && this.binding(declared, node);
    const most = LENGTH[1];
    return binding?.isFixed ? { most, of: binding } : { most };
  }

  /** A procedure that is written once, when it is first used. */
  support(name: string, write: (p: Program, name: string) => Procedure): Procedure {
    const known = this.#support.get(name) ?? write(this.p, name);
    this.#support.set(name, known);
    return known;
  }

  /** The index of an option; below 0 if there is none of this name. */
  optionIndex(name: string): number {
    return this.#options.indexOf(name);
  }

  /** Writes the ends with a message, after all other code. */
  #writeTraps(): void {
    const words = this.slot(0), size = this.slot(1), byte = this.slot(2);
    const end = new Label(), again = new Label(), over = new Label();
    this.p.procedure("traps", [], () => {
      for (const [text, label] of this.#traps) {
        this.p.mark(label);
        this.p.set(words, this.p.text(text));
        this.p.jump(end);
      }
      this.p.mark(end);
      const prefix = "binfmt-dispatcher: internal error: ";
      this.p.syscall(this.stack, "write", 2, this.p.text(prefix), prefix.length);
      this.p.set(size, 0);
      this.p.mark(again);
      this.p.readIndexed(byte, 1, words, size);
      this.p.branchIf(byte, "==", 0, over);
      this.p.do(size, size, "+", 1);
      this.p.jump(again);
      this.p.mark(over);
      this.p.syscall(this.stack, "write", 2, words, size);
      this.p.syscall(this.stack, "exit_group", 125);
    });
  }
}
