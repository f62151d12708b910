/** The state while one function's code is generated; types only. */
import type {
  CallExpression,
  Expression,
  Node,
  Statement,
  VariableDeclaration,
} from "@babel/types";
import type { Variable } from "../native/language.ts";
import type { Label, Program } from "../native/program.ts";
import type { Declared, Module } from "./modules.ts";
import type { Kind } from "./kind.ts";
import type { Scope } from "./scope.ts";
import type { Unit } from "./unit.ts";
import type { Value } from "./value.ts";

export interface Body {
  readonly p: Program;
  readonly unit: Unit;
  /** The module whose names are visible. */
  readonly module: Module;
  readonly scope: Scope;
  /** Temporary variables for a value, until the end of the statement. */
  take(kind: Kind): Variable[];
  /** A label where the handler ends with a message that names the place. */
  trap(node: Node, why: string): Label;
  /** Writes code that computes the value. */
  value(node: Expression): Value;
  /** Writes code that jumps to the label if the condition has the wanted value. */
  jumpIf(node: Expression, wanted: boolean, label: Label): void;
  /** Sets variables to a value. */
  set(words: readonly Variable[], value: Value): void;
  /** A copy that does not change until the end of the statement. */
  copy(value: Value): Value;
  /** The present value, copied if the next expressions can change it. */
  stable(value: Value, next: readonly Node[]): Value;
  /** The declaration outside of functions that an expression names. */
  declared(node: Node): Declared | undefined;
  /** Inlines a function with `...words`. */
  expand(declared: Declared & { readonly what: "function" }, args: readonly Value[]): void;
  args(call: CallExpression): Value[];
  /** The loops and switches around the statement, the innermost last; a switch has no `next`. */
  readonly loops: { readonly end: Label; readonly next: Label | undefined }[];
  block(nodes: readonly Statement[]): void;
  declare(node: VariableDeclaration): void;
  /** Writes an expression that is a statement. */
  expressionStatement(node: Expression): void;
  return(node: Node, argument: Expression | null | undefined): void;
}
