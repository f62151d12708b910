/** Compiles switch, over numbers. */
import type { Statement, SwitchStatement } from "@babel/types";
import { Label } from "../native/program.ts";
import type { Body } from "./body.ts";
import { refuse } from "./refusal.ts";

export function choose(body: Body, node: SwitchStatement): void {
  const subject = body.copy(body.value(node.discriminant));
  if (subject.kind !== "number") refuse(node.discriminant, "expected a number");
  const end = new Label();
  const labels = node.cases.map(({ test }) => {
    const label = new Label();
    if (test) {
      const wanted = body.unit.constant(body, test);
      if (typeof wanted !== "number") refuse(test, "expected a constant number");
      body.p.branchIf(subject.words[0]!, "==", wanted, label);
    }
    return label;
  });
  const other = node.cases.findIndex(({ test }) => !test);
  body.p.jump(other < 0 ? end : labels[other]!);
  body.loops.push({ end, next: undefined });
  node.cases.forEach(({ consequent }, i) => {
    body.p.mark(labels[i]!);
    const last = consequent.at(-1);
    if (last && i < node.cases.length - 1 && !ends(body, last)) {
      refuse(last, "a case must not fall through: end it with break or return");
    }
    body.block(consequent);
  });
  body.loops.pop();
  body.p.mark(end);
}

/** Is nothing executed after this statement? */
function ends(body: Body, node: Statement): boolean {
  switch (node.type) {
    case "BreakStatement":
    case "ReturnStatement":
    case "ContinueStatement":
      return true;
    case "BlockStatement":
      return node.body.length > 0 && ends(body, node.body.at(-1)!);
    case "IfStatement":
      return !!node.alternate && ends(body, node.consequent) && ends(body, node.alternate);
    case "ExpressionStatement": {
      const { expression } = node;
      const called = expression.type === "CallExpression"
        ? body.declared(expression.callee)
        : undefined;
      if (called?.what !== "function") return false;
      return body.unit.kinds.of(called.node, called.node.returnType, called.module) === "never";
    }
  }
  return false;
}
