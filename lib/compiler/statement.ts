/** Compiles statements. */
import type { Expression, Statement } from "@babel/types";
import { Label } from "../native/program.ts";
import { assign, update } from "./assignment.ts";
import type { Body } from "./body.ts";
import { overBytes, repeat, withCounter } from "./loop.ts";
import { refuseUnsupported } from "./unsupported.ts";
import { refuse } from "./refusal.ts";
import { choose } from "./switch.ts";

export function statement(body: Body, node: Statement): void {
  switch (node.type) {
    case "BlockStatement":
      return body.block(node.body);
    case "EmptyStatement":
      return;
    case "VariableDeclaration":
      return body.declare(node);
    case "ExpressionStatement":
      return expressionStatement(body, node.expression);
    case "IfStatement": {
      const otherwise = new Label(), end = new Label();
      body.jumpIf(node.test, false, otherwise);
      body.block([node.consequent]);
      if (node.alternate) body.p.jump(end);
      body.p.mark(otherwise);
      if (node.alternate) body.block([node.alternate]);
      return body.p.mark(end);
    }
    case "ReturnStatement":
      return body.return(node, node.argument);
    case "WhileStatement":
      return repeat(body, { body: node.body, test: node.test });
    case "DoWhileStatement":
      return repeat(body, { body: node.body, test: node.test, isLate: true });
    case "ForStatement":
      return withCounter(body, node);
    case "ForOfStatement":
      return overBytes(body, node);
    case "SwitchStatement":
      return choose(body, node);
    case "BreakStatement":
      if (node.label) refuse(node, "labels are not supported");
      return body.p.jump(body.loops.at(-1)!.end);
    case "ContinueStatement":
      if (node.label) refuse(node, "labels are not supported");
      return body.p.jump(body.loops.findLast(({ next }) => next !== undefined)!.next!);
  }
  return refuseUnsupported(node);
}

/** Compiles an expression as a statement. */
export function expressionStatement(body: Body, node: Expression): void {
  if (node.type === "AssignmentExpression") return assign(body, node);
  if (node.type === "UpdateExpression") return update(body, node);
  if (node.type !== "CallExpression") refuse(node, "the statement has no effect");
  body.value(node);
}
