/** Compiles expressions. */
import type { Expression, Identifier, LogicalExpression, MemberExpression } from "@babel/types";
import { Label } from "../native/program.ts";
import { arithmetic, complement, negative } from "./arithmetic.ts";
import type { Body } from "./body.ts";
import { call } from "./call.ts";
import { isComparison } from "./condition.ts";
import { StructureKind } from "./kind.ts";
import { refuseUnsupported } from "./unsupported.ts";
import { refuse } from "./refusal.ts";
import { LENGTH, numberValue, rangeOf, union, type Value } from "./value.ts";

export function value(body: Body, node: Expression): Value {
  const constant = body.unit.constant(body, node);
  if (constant !== undefined) return body.unit.known(constant);
  switch (node.type) {
    case "Identifier":
      return named(body, node);
    case "MemberExpression":
      return member(body, node);
    case "CallExpression":
      return call(body, node);
    case "ConditionalExpression":
      return conditional(body, node);
    case "LogicalExpression":
      return node.operator === "??" ? fallback(body, node) : truth(body, node);
    case "BinaryExpression": {
      if (isComparison(node.operator)) return truth(body, node);
      if (node.operator === "/") refuse(node, "/ gives fractions: write Math.trunc(a / b)");
      if (node.operator === "==" || node.operator === "!=") refuse(node, "expected === or !==");
      const left = body.stable(body.value(node.left as Expression), [node.right]);
      return arithmetic(body, node, left, node.operator, body.value(node.right));
    }
    case "UnaryExpression":
      if (node.operator === "!") return truth(body, node);
      if (node.operator === "-") return negative(body, node, body.value(node.argument));
      if (node.operator === "~") return complement(body, node, body.value(node.argument));
      return refuse(node, `${node.operator} is not part of the subset`);
  }
  return refuseUnsupported(node);
}

function named(body: Body, node: Identifier): Value {
  if (node.name === "undefined") return { kind: "bytes", words: [0, 0] };
  const local = body.scope.find(node.name);
  if (local?.what === "variable") return local.binding.value;
  if (local?.what === "rest") refuse(node, "...words can only be iterated or spread");
  const declared = body.declared(node);
  if (declared === undefined) refuse(node, `${node.name} does not exist in native code`);
  return body.unit.binding(declared, node).value;
}

function member(body: Body, node: MemberExpression): Value {
  if (node.computed || node.property.type !== "Identifier") {
    refuse(node, "expected at(bytes, i)");
  }
  const declared = body.declared(node);
  if (declared !== undefined) return body.unit.binding(declared, node).value;
  const of = body.value(node.object as Expression);
  if (of.kind instanceof StructureKind) {
    return body.unit.field(node, of, node.property.name);
  }
  if (node.property.name !== "length") {
    refuse(node, `.${node.property.name} is not part of the subset`);
  }
  if (of.kind === "string") {
    refuse(node, "a string's length differs in UTF-8: use utf8(text).length");
  }
  if (of.kind !== "bytes") refuse(node, "only bytes have a length");
  return { ...numberValue(of.words[1]!, LENGTH), isVolatile: of.isVolatile === true };
}

function conditional(
  body: Body,
  node: Extract<Expression, { type: "ConditionalExpression" }>,
): Value {
  const otherwise = new Label(), end = new Label();
  const room = body.take("bytes");
  body.jumpIf(node.test, false, otherwise);
  const a = body.value(node.consequent);
  const words = room.slice(0, a.words.length);
  body.set(words, a);
  body.p.jump(end);
  body.p.mark(otherwise);
  const b = body.value(node.alternate);
  const isText = [a, b].every(({ kind }) => kind === "bytes" || kind === "string");
  if (a.kind !== b.kind && !isText) refuse(node, "both values must have the same type");
  body.set(words, b);
  body.p.mark(end);
  if (a.kind === "number") return numberValue(words[0]!, union([rangeOf(a), rangeOf(b)]));
  return { kind: isText && a.kind !== b.kind ? "string" : a.kind, words };
}

/** bytes ?? other */
function fallback(body: Body, node: LogicalExpression): Value {
  const left = body.value(node.left);
  if (left.kind !== "bytes") refuse(node, "expected bytes that can be undefined before ??");
  const words = body.take("bytes");
  body.set(words, left);
  const end = new Label();
  body.p.branchUnless(words[0]!, "==", 0, end);
  const right = body.value(node.right);
  if (right.kind !== "never") body.set(words, right);
  body.p.mark(end);
  return { kind: "bytes", words };
}

/** A condition as a boolean. */
function truth(body: Body, node: Expression): Value {
  const into = body.take("boolean")[0]!;
  const end = new Label(), no = new Label();
  body.jumpIf(node, false, no);
  body.p.set(into, 1);
  body.p.jump(end);
  body.p.mark(no);
  body.p.set(into, 0);
  body.p.mark(end);
  return { kind: "boolean", words: [into] };
}
