/** Compiles calls. */
import type { CallExpression, Expression } from "@babel/types";
import type { Operand } from "../native/language.ts";
import { arithmetic } from "./arithmetic.ts";
import type { Body } from "./body.ts";
import { INTRINSICS } from "./intrinsics.ts";
import { refuse } from "./refusal.ts";
import { NEVER, NOTHING, type Value } from "./value.ts";
import { walk } from "./walk.ts";

export function call(body: Body, node: CallExpression): Value {
  const { callee } = node;
  const { unit } = body;
  if (isMath(callee as Expression, "trunc")) return quotient(body, node);
  const declared = body.declared(callee);
  if (declared?.what !== "function") {
    refuse(node, "only functions declared by name can be called, not methods");
  }
  const name = declared.node.id!.name;
  if (unit.isHook(declared)) {
    checkHook(node);
    return NOTHING;
  }
  if (unit.isIntrinsic(declared)) {
    const intrinsic = INTRINSICS[name] ?? refuse(node, `${name}() exists only in Deno`);
    return intrinsic(body, node, body.args(node));
  }
  if (unit.isStructure(declared)) return unit.structureOf(body, node);
  if (declared.node.params.some(({ type }) => type === "RestElement")) {
    body.expand(declared, body.args(node));
    if (unit.kinds.of(declared.node, declared.node.returnType, declared.module) !== "never") {
      return NOTHING;
    }
    body.p.trap();
    return NEVER;
  }
  const { procedure, parameters, result } = unit.function(declared, node);
  const set = new Set<Operand>(parameters.flatMap(({ words }) => words));
  // An argument can be in a parameter's slot, since functions share slots.
  const args = body.args(node).map((arg) =>
    arg.words.some((word) => set.has(word)) ? body.copy(arg) : arg
  );
  if (args.length !== parameters.length) {
    refuse(node, `${name}() takes ${parameters.length} arguments`);
  }
  parameters.forEach(({ words }, i) => body.set(words, args[i]!));
  body.p.call(procedure);
  if (result.kind === "never") body.p.trap();
  return result;
}

/** Math.trunc(a / b) */
function quotient(body: Body, node: CallExpression): Value {
  const [division] = node.arguments;
  if (division?.type !== "BinaryExpression" || division.operator !== "/") {
    refuse(node, "expected Math.trunc(a / b)");
  }
  const left = body.stable(body.value(division.left as Expression), [division.right]);
  return arithmetic(body, node, left, "/", body.value(division.right));
}

function isMath(node: Expression, name: string): boolean {
  return node.type === "MemberExpression" && node.object.type === "Identifier" &&
    node.object.name === "Math" && node.property.type === "Identifier" &&
    node.property.name === name;
}

/** Native code drops a report, so nothing in it may have an effect. */
function checkHook(node: CallExpression): void {
  for (const argument of node.arguments) {
    walk(argument, (each) => {
      if (each.type === "CallExpression") {
        refuse(each, "native code has no reports: assign the value to a name first");
      }
    });
  }
}
