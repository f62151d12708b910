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
  /** Whose names are meant. */
  readonly module: Module;
  readonly scope: Scope;
  /** Room for a value until the statement ends. */
  take(kind: Kind): Variable[];
  /** Where the handler ends in words if this place fails. */
  trap(node: Node, why: string): Label;
  /** Writes code that makes the value. */
  value(node: Expression): Value;
  /** Writes code that goes to the label if the condition is as wanted. */
  jumpIf(node: Expression, wanted: boolean, label: Label): void;
  /** Sets variables to a value. */
  set(words: readonly Variable[], value: Value): void;
  /** A copy that nothing changes until the statement ends. */
  copy(value: Value): Value;
  /** The value as it is now, whatever the next expressions do. */
  stable(value: Value, next: readonly Node[]): Value;
  /** What a name that is called or read stands for outside of the function. */
  declared(node: Node): Declared | undefined;
  /** Writes a function with `...words` out. */
  expand(declared: Declared & { readonly what: "function" }, args: readonly Value[]): void;
  args(call: CallExpression): Value[];
  /** The loops and switches around the statement, the innermost last; a switch has no next turn. */
  readonly loops: { readonly end: Label; readonly next: Label | undefined }[];
  block(nodes: readonly Statement[]): void;
  declare(node: VariableDeclaration): void;
  /** Writes an expression that is a statement. */
  alone(node: Expression): void;
  return(node: Node, argument: Expression | null | undefined): void;
}
