import type { ForStatement } from "@babel/types";
import type { Body } from "./body.ts";
import type { Binding } from "./value.ts";
import { assignedNames } from "./walk.ts";

/**
 * The range of i in `for (let i = A; i < B; i++)` if nothing else changes i. If B is the length of
 * bytes that do not change, i is always a valid index of them.
 */
export function counterOf(
  body: Body,
  { init, test, update, body: inner }: ForStatement,
): { readonly name: string; readonly binding: Binding } | undefined {
  if (init?.type !== "VariableDeclaration" || test?.type !== "BinaryExpression") return undefined;
  const { left, operator, right } = test;
  if (operator !== "<" || left.type !== "Identifier") return undefined;
  if (update?.type !== "UpdateExpression" || update.operator !== "++") return undefined;
  if (update.argument.type !== "Identifier" || update.argument.name !== left.name) return undefined;
  const { name } = left;
  const start = init.declarations.find(({ id }) => id.type === "Identifier" && id.name === name);
  const local = body.scope.find(name);
  if (!start?.init || local?.what !== "variable" || assignedNames(inner).has(name)) {
    return undefined;
  }
  const first = body.unit.constant(body, start.init);
  const limit = body.unit.limit(body, right);
  if (typeof first !== "number" || limit === undefined) return undefined;
  const value = {
    ...local.binding.value,
    range: [first, Math.max(first, limit.most - 1)] as const,
    ...(first >= 0 && limit.of ? { within: limit.of } : {}),
  };
  return { name, binding: { value, isFixed: false } };
}
