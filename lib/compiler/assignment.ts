/** Compiles assignments, which are statements and never part of an expression. */
import type { AssignmentExpression, Expression, Node, UpdateExpression } from "@babel/types";
import type { Variable } from "../native/language.ts";
import { arithmetic } from "./arithmetic.ts";
import type { Body } from "./body.ts";
import { refuse } from "./refusal.ts";
import { numberValue, type Value } from "./value.ts";

export function assign(body: Body, node: AssignmentExpression): void {
  const variable = variableOf(body, node.left);
  const value = node.operator === "="
    ? body.value(node.right)
    : compound(body, node, variable, node.right);
  if (value.words.length !== variable.words.length) {
    refuse(node, "the value has another type than the variable");
  }
  body.set(variable.words as Variable[], value);
}

/** `x += 1` */
function compound(
  body: Body,
  node: AssignmentExpression,
  variable: Value,
  right: Expression,
): Value {
  const operator = node.operator.slice(0, -1);
  if (["??", "||", "&&"].includes(operator)) {
    refuse(node, `${node.operator} is not supported: write x = x ${operator} y`);
  }
  const left = body.stable(variable, [right]);
  return arithmetic(body, node, left, operator, body.value(right));
}

/** `x++` and `x--` */
export function update(body: Body, node: UpdateExpression): void {
  const variable = variableOf(body, node.argument);
  const value = arithmetic(body, node, variable, node.operator[0]!, numberValue(1));
  body.set(variable.words as Variable[], value);
}

function variableOf(body: Body, node: Node): Value {
  if (node.type === "MemberExpression" && node.computed) {
    refuse(node, "expected put(bytes, i, value)");
  }
  if (node.type !== "Identifier") refuse(node, "only variables can be assigned to");
  const local = body.scope.find(node.name);
  if (local?.what === "variable" && !local.binding.isFixed) return local.binding.value;
  const declared = body.declared(node);
  if (declared?.what !== "variable" || declared.isConst || declared.module !== body.module) {
    refuse(node, "not a variable of this function or file");
  }
  return body.unit.binding(declared, node).value;
}
