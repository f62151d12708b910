/** Compiles conditions as jumps. */
import type { BinaryExpression, Expression, Node } from "@babel/types";
import type { Comparison } from "../native/language.ts";
import { Label } from "../native/program.ts";
import type { Body } from "./body.ts";
import { refuse } from "./refusal.ts";
import type { Value } from "./value.ts";

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "===": "==",
  "!==": "!=",
  "<": "s<",
  "<=": "s<=",
  ">": "s>",
  ">=": "s>=",
};

export function isComparison(operator: string): boolean {
  return Object.hasOwn(COMPARISONS, operator);
}

/** Jumps to the label if the condition has the wanted value. */
export function jumpIf(body: Body, node: Expression, wanted: boolean, label: Label): void {
  const known = body.unit.constant(body, node);
  if (typeof known === "boolean") {
    if (known === wanted) body.p.jump(label);
    return;
  }
  if (node.type === "UnaryExpression" && node.operator === "!") {
    return body.jumpIf(node.argument, !wanted, label);
  }
  if (node.type === "LogicalExpression" && node.operator !== "??") {
    // What decides alone: false for &&, true for ||.
    const decisive = node.operator === "||";
    const over = new Label();
    body.jumpIf(node.left, decisive, wanted === decisive ? label : over);
    body.jumpIf(node.right, wanted, label);
    return body.p.mark(over);
  }
  if (node.type === "BinaryExpression" && isComparison(node.operator)) {
    return compare(body, node, wanted, label);
  }
  const value = body.value(node);
  if (value.kind !== "boolean") {
    refuse(node, "expected a boolean: compare with 0 or undefined");
  }
  body.p.branchIf(value.words[0]!, wanted ? "!=" : "==", 0, label);
}

function compare(body: Body, node: BinaryExpression, wanted: boolean, label: Label): void {
  const left = node.left as Expression;
  const isEquality = node.operator === "===" || node.operator === "!==";
  const a = body.stable(body.value(left), [node.right]);
  const b = body.value(node.right);
  if (holdsBytes(a) || holdsBytes(b)) {
    if (!isEquality || !(isUndefined(left) || isUndefined(node.right))) {
      refuse(node, "bytes can only be compared with undefined: use same(a, b)");
    }
    if (!holdsBytes(a) || !holdsBytes(b)) refuse(node, "only bytes can be undefined");
  } else if (a.kind !== b.kind || (a.kind !== "number" && a.kind !== "boolean")) {
    refuse(node, "expected two numbers or two booleans");
  } else if (a.kind === "boolean" && !isEquality) {
    refuse(node, "booleans have no order");
  }
  const comparison = COMPARISONS[node.operator]!;
  const [x, y] = [a.words[0]!, b.words[0]!];
  if (wanted) body.p.branchIf(x, comparison, y, label);
  else body.p.branchUnless(x, comparison, y, label);
}

function holdsBytes({ kind }: Value): boolean {
  return kind === "bytes" || kind === "string";
}

function isUndefined(node: Node): boolean {
  return node.type === "Identifier" && node.name === "undefined";
}
